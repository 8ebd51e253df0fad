#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Starts threads with arguments. The result is the thread, whose number is the one it sees itself.
List<string> seen = [];
OsThread first = Threads.StartNew((a, b) => seen.Add($"{a} {b}"), 1, 2);
first.Join();
int key = 4;
Threads.StartNew(a => seen.Add($"{a} key={key}"), 3).Join();
Console.WriteLine(string.Join("; ", seen));
int inside = 0;
OsThread number = Threads.StartNew(() => inside = Threads.GetIdent());
number.Join();
Console.WriteLine(number.Ident == inside);
