#!/usr/bin/env gannet
#:project ../src/Gannet

using System.Net;
using System.Net.Sockets;
using System.Text;
using Gannet;
using Microsoft.Win32.SafeHandles;

// A server whose workers are forked before the first connection comes, and share one listener: the kernel gives each connection to one
// of them. A worker that dies is replaced. SIGTERM lets the workers finish what they have begun and ends the server. SIGUSR2 starts the
// program's file anew in the same process, with the same listener: new workers come, then the old ones drain, and no connection is lost.
const string ListenerVariable = "PREFORK_LISTENER", WorkersVariable = "PREFORK_WORKERS";
const int PollMicroseconds = 50_000, PatienceMilliseconds = 5_000;

if (args is not [string argument] || !int.TryParse(argument, out int count))
{
    Console.Error.WriteLine("usage: prefork-server.cs WORKERS");
    return 2;
}

bool isDraining = false, isUpgrading = false;
// A round that waits longer would not see the signals.
ForkOptions impatient = new() { Patience = TimeSpan.FromMilliseconds(100) };

using Socket listener = Listen();
int[] predecessors = [.. (Os.GetEnv(WorkersVariable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
HashSet<int> workers = [];
Signals.Set(Signal.SIGTERM, (_, _) => isDraining = true);
Signals.Set(Signal.SIGUSR2, (_, _) => isUpgrading = true);
while (workers.Count < count && !isDraining)
{
    StartWorkers();
}

Dismiss(predecessors);
Console.WriteLine($"ready on port {((IPEndPoint)listener.LocalEndPoint!).Port}");
while (!isDraining)
{
    if (Os.WaitPid(-1, TimeSpan.FromMicroseconds(PollMicroseconds)) is { } ended && workers.Remove(ended.Pid))
    {
        Console.WriteLine($"a worker has ended: {ended.Status}");
    }

    StartWorkers();

    if (isUpgrading)
    {
        StartAnew();
    }
}

Dismiss(workers);
Console.WriteLine("drained");
return 0;

Socket Listen()
{
    if (Os.GetEnv(ListenerVariable) is { } number)
    {
        SafeSocketHandle inherited = new(int.Parse(number), ownsHandle: true);
        // It has come through an exec, and is not to go on to whatever program is started here.
        using SafeFileHandle copy = Os.Dup(inherited);
        Os.Dup2(copy, int.Parse(number), inheritable: false);
        return new(inherited);
    }

    Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    socket.Listen(backlog: 128);
    return socket;
}

void StartWorkers()
{
    while (workers.Count < count && TryFork() is { } pid)
    {
        if (pid == 0)
        {
            Work();
            Os.ExitNow(0);
        }

        workers.Add(pid);
    }
}

// Should something stand in the way of a fork, or the system be short of what it takes, the next round tries again.
int? TryFork()
{
    try
    {
        return Os.TryFork(out int pid, out _, impatient) ? pid : null;
    }
    catch (OsException error) when (error.Errno is Errno.EAGAIN or Errno.ENOMEM)
    {
        Console.Error.WriteLine($"no worker: {error.Message}");
        Thread.Sleep(impatient.Patience);
        return null;
    }
}

void Work()
{
    while (!isDraining)
    {
        // Another worker may have been quicker; and a blocking accept would not see the end of the work.
        if (listener.Poll(PollMicroseconds, SelectMode.SelectRead))
        {
            TryServe();
        }
    }
}

void TryServe()
{
    listener.Blocking = false;
    try
    {
        using Socket connection = listener.Accept();
        connection.Blocking = true;
        // Who says nothing must not keep a worker from its end.
        connection.ReceiveTimeout = PatienceMilliseconds;
        using StreamReader reader = new(new NetworkStream(connection));
        connection.Send(Encoding.UTF8.GetBytes($"{Os.GetPid()} {reader.ReadLine()}\n"));
    }
    catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionReset or SocketError.ConnectionAborted)
    {
        // Nothing left to accept, or the client has gone.
    }
    catch (IOException)
    {
        // It has said nothing, or has gone in the middle of its line.
    }
}

void Dismiss(IReadOnlyCollection<int> children)
{
    foreach (int child in children)
    {
        Os.Kill(child, Signal.SIGTERM);
    }

    foreach (int child in children)
    {
        Os.WaitPid(child);
    }
}

void StartAnew()
{
    using SafeFileHandle heir = Os.Dup(listener.SafeHandle);
    int number = (int)heir.DangerousGetHandle();
    Os.Dup2(listener.SafeHandle, number, inheritable: true);
    Os.PutEnv(ListenerVariable, $"{number}");
    Os.PutEnv(WorkersVariable, string.Join(' ', workers));
    string[] command = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
    Os.Execv("/proc/self/exe", command);
}
