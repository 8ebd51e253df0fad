#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

using Child child = Command.Of("sleep", "100").Start();
child.SendSignal(Signal.SIGTERM);

// A loop that waits for death by signal has to end with any other death, too.
WaitStatus status;
do
{
    (_, status) = Os.WaitPid(child.Pid);
}
while (!status.Signaled && !status.Exited);

Console.WriteLine($"{status.Raw} {status.Signaled} {(int?)status.TermSignal} {status.Exited} {status.Stopped}");
