using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>The descriptors that a command's child is to get, opened here, and this program's ends of its pipes.</summary>
internal sealed class ChildStreams : IDisposable
{
    private const string NullDevice = "/dev/null";

    // Ctrl-D, as the kernel sets up a new terminal.
    private const byte EndOfFileKey = 4;

    // Until the child has them.
    private readonly List<SafeHandle> _opened = [];
    private readonly List<SafeHandle> _held = [];
    private readonly List<DescriptorMapping> _mappings = [];

    // Its end of the terminal; -1 without one.
    private int _terminal = -1;

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

    /// <summary>This program's end of its terminal; null when it gets none.</summary>
    public SafeFileHandle? Terminal { get; private set; }

    /// <summary>The first of the child's standard streams that is its terminal; null when it gets none.</summary>
    public int? TerminalTarget { get; private set; }

    /// <summary>Opens all that the streams ask for.</summary>
    /// <exception cref="OsException">A file can't be opened, a handle is closed, or no descriptor is free; nothing stays open.</exception>
    /// <exception cref="InvalidOperationException">There is to be a terminal, and none of the streams is it.</exception>
    public static ChildStreams Open(CommandSettings settings)
    {
        ChildStreams streams = new();
        try
        {
            if (settings.Terminal is { } plan)
            {
                streams.OpenTerminal(plan);
            }

            foreach ((SafeHandle source, int target) in settings.Descriptors)
            {
                streams.Map(streams.Hold(source), target);
            }

            Stdio unsaid = settings.Terminal is null ? Stdio.Inherit : Stdio.Terminal;
            streams.OpenInput(settings.Stdin ?? unsaid);
            streams.Output = streams.OpenOutput(settings.Stdout ?? unsaid, StandardStreams.Output);
            streams.Error = streams.OpenOutput(settings.Stderr ?? unsaid, StandardStreams.Error);
            streams.FindTerminal();
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
        Terminal?.Dispose();
    }

    private void OpenTerminal(TerminalPlan plan)
    {
        (Terminal, SafeFileHandle childs) = Libc.OpenPseudoTerminal();
        _opened.Add(childs);
        _terminal = Number(childs);
        Libc.SetNonBlocking(Terminal);
        Libc.ResizeTerminal(Terminal, plan.Columns, plan.Rows);
        Span<byte> settings = stackalloc byte[Libc.TerminalSettingsSize];
        if (Libc.TryGetTerminal(_terminal, settings))
        {
            Libc.InputFlags(settings) |= Libc.IUTF8;
            Libc.LocalFlags(settings) = plan.Echo ? Libc.LocalFlags(settings) | Libc.ECHO : Libc.LocalFlags(settings) & ~Libc.ECHO;
            _ = Libc.TrySetTerminal(_terminal, settings, discardInput: false);
        }
    }

    private void FindTerminal()
    {
        if (Terminal is null)
        {
            return;
        }

        IEnumerable<int> targets = _mappings.Where(mapping => mapping.Source == _terminal).Select(mapping => mapping.Target);
        TerminalTarget = targets.Cast<int?>().Min()
            ?? throw new InvalidOperationException("None of the standard streams is left to be the child's terminal; it has to have one of them.");
    }

    private void OpenInput(Stdio stdin)
    {
        const int Target = StandardStreams.Input;
        switch (stdin.Kind)
        {
            case StdioKind.Inherit:
                break;
            case StdioKind.Terminal:
                Map(_terminal, Target);
                break;
            case StdioKind.Bytes when Terminal is not null:
                Map(_terminal, Target);

                // A descriptor of its own: one that is both read and written can be in no epoll set twice.
                Input = Libc.DuplicateAway(Number(Terminal))!;
                WriteAhead(Typed((ReadOnlyMemory<byte>)stdin.Source!));
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

    // The key ends the input at the beginning of a line; within one it hands over what has been typed of that.
    private static ReadOnlyMemory<byte> Typed(ReadOnlyMemory<byte> input) => input.Span is [] or [.., (byte)'\n' or (byte)'\r']
        ? new([.. input.Span, EndOfFileKey])
        : new([.. input.Span, EndOfFileKey, EndOfFileKey]);

    private SafeFileHandle? OpenOutput(Stdio output, int target)
    {
        switch (output.Kind)
        {
            case StdioKind.Inherit:
                return null;
            case StdioKind.Terminal:
                Map(_terminal, target);
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
