using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>The pipes between commands, from one to the next, opened before the first of them is started.</summary>
internal sealed class PipelineJoints : IDisposable
{
    private readonly List<(SafeFileHandle Reader, SafeFileHandle Writer)> _pipes = [];
    private readonly int _count;

    /// <summary>Opens those for so many members.</summary>
    /// <exception cref="OsException">No descriptor is free; none stays open.</exception>
    public PipelineJoints(int memberCount)
    {
        _count = memberCount - 1;
        try
        {
            for (int i = 0; i < _count; i++)
            {
                _pipes.Add(Libc.Pipe());
                Libc.TryWiden(_pipes[i].Writer);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A member's settings, with its ends of the pipes for standard input and output.</summary>
    public CommandSettings Join(int index, CommandSettings settings) => settings with
    {
        Stdin = index == 0 ? settings.Stdin : Stdio.Handle(_pipes[index - 1].Reader),
        Stdout = index == _count ? settings.Stdout : Stdio.Handle(_pipes[index].Writer),
    };

    /// <summary>A member has its ends: they must not stay open here, or nobody would ever see the end.</summary>
    public void CloseEndsOf(int index)
    {
        if (index > 0)
        {
            _pipes[index - 1].Reader.Dispose();
        }

        if (index < _count)
        {
            _pipes[index].Writer.Dispose();
        }
    }

    /// <summary>Closes all that is open here still.</summary>
    public void Dispose() => _pipes.ForEach(pipe =>
    {
        pipe.Reader.Dispose();
        pipe.Writer.Dispose();
    });
}
