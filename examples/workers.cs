#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Two producers, a queue with a limit between, and three workers. At the end the queue is shut down: the workers finish what is in it,
// and their loops end by themselves.
const int each = 500;
BlockingQueue<int> work = new(16);
BlockingQueue<long> results = new();
OsThread[] producers = [.. Enumerable.Range(0, 2).Select(number => new OsThread(() => Produce(number), $"producer-{number}"))];
OsThread[] workers = [.. Enumerable.Range(0, 3).Select(number => new OsThread(Work, $"worker-{number}"))];
Array.ForEach(workers, thread => thread.Start());
Array.ForEach(producers, thread => thread.Start());
Array.ForEach(producers, thread => thread.Join());
work.Join();
Console.WriteLine($"all {2 * each} items are done");
work.ShutDown();
Array.ForEach(workers, thread => thread.Join());
results.ShutDown();
Console.WriteLine($"sum of squares: {results.GetConsumingEnumerable().Sum()}");

void Produce(int number)
{
    for (int i = 1; i <= each; i++)
    {
        work.Put((number * each) + i);
    }
}

void Work()
{
    foreach (int item in work.GetConsumingEnumerable())
    {
        results.Put((long)item * item);
        work.TaskDone();
    }
}
