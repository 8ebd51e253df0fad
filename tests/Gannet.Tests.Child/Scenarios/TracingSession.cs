using System.Net.Sockets;
using System.Text;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>A session of EventPipe with this process, by its diagnostic socket.</summary>
internal sealed class TracingSession : IDisposable
{
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;
    private const int HeaderLength = 20;

    private readonly NetworkStream _events;
    private readonly byte[] _id;

    public TracingSession()
    {
        using MemoryStream payload = new();
        using BinaryWriter writer = new(payload);
        const uint bufferInMegabytes = 1, netTrace = 1, providers = 1, verbose = 5;
        writer.Write(bufferInMegabytes);
        writer.Write(netTrace);
        writer.Write(providers);
        writer.Write(ulong.MaxValue);
        writer.Write(verbose);
        WriteText(writer, "Microsoft-Windows-DotNETRuntime");
        WriteText(writer, "");
        (_events, _id) = Ask(CollectTracing, payload.ToArray());
    }

    /// <summary>Ends it; the runtime's thread for it is gone then.</summary>
    public void Dispose()
    {
        // It answers once all that was left to tell has been read.
        Thread reader = new(() => _events.CopyTo(Stream.Null));
        reader.Start();
        Ask(StopTracing, _id).Connection.Dispose();
        reader.Join();
        _events.Dispose();
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write(text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + "\0"));
    }

    // A process that was killed leaves its socket behind, and another one may get its number.
    private static Socket Connect()
    {
        foreach (string path in Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*-socket"))
        {
            Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                connection.Connect(new UnixDomainSocketEndPoint(path));
                return connection;
            }
            catch (SocketException)
            {
                connection.Dispose();
            }
        }

        throw new InvalidOperationException("This process has no diagnostic socket.");
    }

    // The number of the session is what it answers.
    private static (NetworkStream Connection, byte[] Answer) Ask(byte command, byte[] payload)
    {
        NetworkStream stream = new(Connect(), ownsSocket: true);
        using BinaryWriter writer = new(stream, Encoding.ASCII, leaveOpen: true);
        writer.Write("DOTNET_IPC_V1\0"u8);
        writer.Write((ushort)(HeaderLength + payload.Length));
        writer.Write(EventPipe);
        writer.Write(command);
        writer.Write((ushort)0);
        writer.Write(payload);
        byte[] answer = new byte[HeaderLength + sizeof(ulong)];
        stream.ReadExactly(answer);
        return (stream, answer[HeaderLength..]);
    }
}
