using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>The descriptors that a command's child is to get, opened here, and this program's ends of its pipes.</summary>
internal sealed class ChildStreams : IDisposable
{
    private const string NullDevice = "/dev/null";

    // Until the child has them.
    private readonly List<SafeHandle> _opened = [];
    private readonly List<SafeHandle> _held = [];
    private readonly List<DescriptorMapping> _mappings = [];

    /// <summary>Which descriptor of the child is which one here; what is inherited is not among them.</summary>
    public IReadOnlyList<DescriptorMapping> Mappings => _mappings;

    /// <summary>The end of the child's input that is written to here; null when there is none, or all of it is written.</summary>
    public SafeFileHandle? Input { get; private set; }

    /// <summary>What is still to be written to <see cref="Input"/>.</summary>
    public ReadOnlyMemory<byte> InputBytes { get; private set; }

    /// <summary>The end of its output that is read from here.</summary>
    public SafeFileHandle? Output { get; private set; }

    /// <summary>The end of its error output that is read from here.</summary>
    public SafeFileHandle? Error { get; private set; }

    /// <summary>Opens all that the streams ask for.</summary>
    /// <exception cref="OsException">A file can't be opened, a handle is closed, or no descriptor is free; nothing stays open.</exception>
    public static ChildStreams Open(CommandSettings settings)
    {
        ChildStreams streams = new();
        try
        {
            foreach ((SafeHandle source, int target) in settings.Descriptors)
            {
                streams.Map(streams.Hold(source), target);
            }

            streams.OpenInput(settings.Stdin ?? Stdio.Inherit);
            streams.Output = streams.OpenOutput(settings.Stdout ?? Stdio.Inherit, StandardStreams.Output);
            streams.Error = streams.OpenOutput(settings.Stderr ?? Stdio.Inherit, StandardStreams.Error);
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>The child has its descriptors: closes those that were opened for it.</summary>
    public void CloseChildEnds()
    {
        _opened.ForEach(handle => handle.Dispose());
        _opened.Clear();
        _held.ForEach(handle => handle.DangerousRelease());
        _held.Clear();
    }

    /// <summary>Closes everything.</summary>
    public void Dispose()
    {
        CloseChildEnds();
        Input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
    }

    private void OpenInput(Stdio stdin)
    {
        const int Target = StandardStreams.Input;
        switch (stdin.Kind)
        {
            case StdioKind.Inherit:
                break;
            case StdioKind.Null:
                Map(Open(NullDevice, Libc.O_RDONLY), Target);
                break;
            case StdioKind.File:
                Map(Open((string)stdin.Source!, Libc.O_RDONLY), Target);
                break;
            case StdioKind.Handle:
                Map(Hold((SafeHandle)stdin.Source!), Target);
                break;
            default:
                (SafeFileHandle reader, Input) = Libc.Pipe();
                _opened.Add(reader);
                Libc.SetNonBlocking(Input);
                Map(Number(reader), Target);
                if (stdin.Source is ReadOnlyMemory<byte> bytes)
                {
                    WriteAhead(bytes);
                }

                break;
        }
    }

    // What the pipe has room for is written before there is a child, and for most inputs that is all.
    private void WriteAhead(ReadOnlyMemory<byte> input)
    {
        if (input.Length > Libc.PipeSize)
        {
            Libc.TryWiden(Input!);
        }

        while (!input.IsEmpty && Libc.TryWrite(Input!, input.Span) is > 0 and int count)
        {
            input = input[count..];
        }

        if (input.IsEmpty)
        {
            Input!.Dispose();
            Input = null;
        }

        InputBytes = input;
    }

    private SafeFileHandle? OpenOutput(Stdio output, int target)
    {
        switch (output.Kind)
        {
            case StdioKind.Inherit:
                return null;
            case StdioKind.Null:
                Map(Open(NullDevice, Libc.O_WRONLY), target);
                return null;
            case StdioKind.Stdout:
                Map(SourceOf(StandardStreams.Output), target);
                return null;
            case StdioKind.File:
                Map(Open((string)output.Source!, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC), target);
                return null;
            case StdioKind.Append:
                Map(Open((string)output.Source!, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND), target);
                return null;
            case StdioKind.Handle:
                Map(Hold((SafeHandle)output.Source!), target);
                return null;
            default:
                (SafeFileHandle reader, SafeFileHandle writer) = Libc.Pipe();
                _opened.Add(writer);
                try
                {
                    Libc.SetNonBlocking(reader);
                    Map(Number(writer), target);
                    return reader;
                }
                catch
                {
                    reader.Dispose();
                    throw;
                }
        }
    }

    private int Open(string path, int flags)
    {
        SafeFileHandle file = Libc.Open(path, flags);
        _opened.Add(file);
        return Number(file);
    }

    private int Hold(SafeHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            throw new OsException(Errno.EBADF, "dup2");
        }

        _held.Add(handle);
        return Number(handle);
    }

    private int SourceOf(int target) => _mappings.Find(mapping => mapping.Target == target) is { } mapping && mapping != default
        ? mapping.Source
        : target;

    // A descriptor that the caller has named himself stands.
    private void Map(int source, int target)
    {
        if (!_mappings.Exists(mapping => mapping.Target == target))
        {
            _mappings.Add(new(source, target));
        }
    }

    private static int Number(SafeHandle handle) => (int)handle.DangerousGetHandle();
}
