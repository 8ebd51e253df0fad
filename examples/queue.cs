#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A queue with a limit, full and empty, and one without.
BlockingQueue<string> queue = new(2);
Console.WriteLine($"{queue.IsEmpty} {queue.IsFull} {queue.Count}");
queue.Put("first");
queue.Put("second");
Console.WriteLine($"{queue.IsEmpty} {queue.IsFull} {queue.Count}");
try
{
    queue.PutNoWait("third");
}
catch (QueueFullException)
{
    Console.WriteLine("Full");
}

Console.WriteLine($"{queue.Get()} {queue.Get(false)}");
try
{
    queue.GetNoWait();
}
catch (QueueEmptyException)
{
    Console.WriteLine("Empty");
}

BlockingQueue<int> endless = new(0);
for (int n = 0; n < 1000; n++)
{
    endless.Put(n);
}

Console.WriteLine($"{endless.IsFull} {endless.Count}");
