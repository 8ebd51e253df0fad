#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Two threads pass messages: each waits for the other under a condition variable.
ConditionVariable condition = new();
string message = "";
bool isFinished = false;
OsThread sender = new(Send), receiver = new(Receive);
sender.Start();
receiver.Start();
sender.Join();
receiver.Join();

void Send()
{
    for (int counter = 0; counter < 5; counter++)
    {
        using (condition.Enter())
        {
            condition.WaitFor(() => message == "");
            message = $"New Message: {counter}";
            condition.Notify();
        }
    }

    using (condition.Enter())
    {
        isFinished = true;
        condition.Notify();
    }
}

void Receive()
{
    using (condition.Enter())
    {
        while (condition.WaitFor(() => message != "" || isFinished) && message != "")
        {
            Console.WriteLine($"Display: {message}");
            message = "";
            condition.Notify();
        }
    }
}
