using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Gannet.Benchmarks.Processes;

/// <summary>Servers whose workers are forked and share one listener: the time from a connection to the end of its answer.</summary>
[SupportedOSPlatform("linux")]
internal static class PreforkServers
{
    private const int Rounds = 10;
    private const int Requests = 2000;
    private const int Workers = 2;
    private const int Clients = 4;
    private const int Backlog = 1024;
    private const int Room = 64;

    private const string PythonServer = """
        import os, socket, sys
        listener = socket.create_server(("127.0.0.1", 0), backlog=int(sys.argv[2]))
        for i in range(int(sys.argv[1])):
            if os.fork() == 0:
                while True:
                    connection, _ = listener.accept()
                    connection.sendall(connection.recv(64))
                    connection.close()
        print(listener.getsockname()[1], flush=True)
        sys.stdin.read()
        os.killpg(0, 9)
        """;

    /// <summary>Starts them, asks them in turn, and ends them.</summary>
    public static void Compare()
    {
        Console.WriteLine($"A request to {Workers} workers, by {Clients} clients:");
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        int[] workers = [.. Enumerable.Range(0, Workers).Select(_ => Os.Fork(() => Serve(listener)))];
        TurnTable table = new(Rounds, Requests);
        using Child? python = StartPython(out int port);
        if (python is not null)
        {
            table.AddForeign("CPython, os.fork", count => Ask(port, count));
        }

        table.AddForeign("Gannet, Os.Fork", count => Ask(((IPEndPoint)listener.LocalEndPoint!).Port, count));
        table.Print();
        python?.Stdin.Dispose();
        python?.Wait();
        Array.ForEach(workers, worker => Os.Kill(worker, Signal.SIGKILL));
        Array.ForEach(workers, worker => Os.WaitPid(worker));
    }

    private static Child? StartPython(out int port)
    {
        port = 0;
        if (PythonInterpreter.Find() is not { } interpreter)
        {
            return null;
        }

        Child python = Command.Of(interpreter, "-c", PythonServer, $"{Workers}", $"{Backlog}")
            .WithProcessGroup().WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).Start();
        using StreamReader reader = new(python.Stdout);
        port = int.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture);
        return python;
    }

    private static int Serve(Socket listener)
    {
        byte[] buffer = new byte[Room];
        while (true)
        {
            using Socket connection = listener.Accept();
            connection.Send(buffer, connection.Receive(buffer), SocketFlags.None);
        }
    }

    private static double Ask(int port, int count)
    {
        long start = Stopwatch.GetTimestamp();
        Thread[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new Thread(() => AskAlone(port, count / Clients)))];
        Array.ForEach(clients, client => client.Start());
        Array.ForEach(clients, client => client.Join());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void AskAlone(int port, int count)
    {
        byte[] buffer = new byte[Room];
        for (int i = 0; i < count; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            socket.Send("hello\n"u8);
            while (socket.Receive(buffer) > 0)
            {
            }
        }
    }
}
