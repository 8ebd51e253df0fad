#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

using System.Globalization;

// A clock on a thread of its own. It would tick for ever; it is a daemon, so the program's end cuts it off.
CountingSemaphore ticks = new(0);
Threads.StartNew(DisplayTime, TimeSpan.FromSeconds(0.1), "The time is now");
for (int i = 0; i < 4; i++)
{
    ticks.Acquire();
}

void DisplayTime(TimeSpan interval, string prefix)
{
    while (true)
    {
        DateTime now = DateTime.Now;
        // The form of ctime(3): the day is padded with a space.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prefix} {now:ddd MMM} {now.Day,2} {now:HH:mm:ss yyyy}"));
        ticks.Release();
        Thread.Sleep(interval);
    }
}
