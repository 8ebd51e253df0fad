#!/usr/bin/env gannet
#:project ../src/Gannet

using System.Net;
using System.Net.Sockets;
using System.Text;
using Gannet;

// A server on TCP that forks for each connection and reaps by SIGCHLD: each client has a process of its own, and a mistake in one hurts
// nobody else. It serves as many connections as the first argument says, three if there is none; the clients are its children too.
int count = args.Length > 0 ? int.Parse(args[0]) : 3;
using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen();

int wellEnded = 0;
using CountdownEvent running = new(2 * count);
Signals.Set(Signal.SIGCHLD, (_, _) => Reap());

for (int i = 0; i < count; i++)
{
    int number = i;
    Os.Fork(() => Ask(number));
}

for (int i = 0; i < count; i++)
{
    Socket connection = listener.Accept();
    Os.Fork(() => Serve(connection), new() { CloseInChild = [listener.SafeHandle] });
    // The child has it; here it would stay open for ever.
    connection.Dispose();
}

running.Wait();
Console.WriteLine($"{wellEnded} of {2 * count} children ended well");
return 0;

// Several children may end for one signal.
void Reap()
{
    try
    {
        while (Os.WaitPid(-1, WaitOptions.WNOHANG) is (not 0, WaitStatus status))
        {
            wellEnded += status.ExitStatus == 0 ? 1 : 0;
            running.Signal();
        }
    }
    catch (OsException error) when (error.Errno is Errno.ECHILD)
    {
        // All that have been forked by now have ended.
    }
}

static int Serve(Socket connection)
{
    using StreamReader reader = new(new NetworkStream(connection));
    connection.Send(Encoding.UTF8.GetBytes($"{reader.ReadLine()?.ToUpperInvariant()}\n"));
    return 0;
}

int Ask(int number)
{
    using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    client.Connect(listener.LocalEndPoint!);
    client.Send(Encoding.UTF8.GetBytes($"hello {number}\n"));
    using StreamReader reader = new(new NetworkStream(client));
    return reader.ReadLine() == $"HELLO {number}" ? 0 : 1;
}
