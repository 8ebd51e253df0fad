using Gannet.Interop;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// A terminal that an editor and the rest of the program write to. While a line is edited, what other threads write goes above it, the errors that
/// end them too, and the line is drawn anew beneath. What goes past <see cref="Console"/> is not caught: programs that inputs start, native code,
/// a stream of somebody's own over the descriptor.
/// </summary>
internal sealed class SharedTerminal
{
    private const int Stdout = 1;
    private const int Stderr = 2;

    // A reader that has stopped the terminal must not keep a signal from ending the program.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private EditorScreen? _edited;

    /// <summary>Puts itself between the console and the terminal.</summary>
    public void TakeConsole()
    {
        Console.SetOut(new SharedWriter(this, Console.Out));
        if (IsSameTerminal())
        {
            Console.SetError(new SharedWriter(this, Console.Error));
        }
    }

    /// <summary>Draws, with nobody writing in between.</summary>
    public void Draw(Action drawing)
    {
        lock (_lock)
        {
            drawing();
        }
    }

    /// <summary>From now on what the program writes goes above what this screen shows; null: straight to the terminal.</summary>
    public void GiveTo(EditorScreen? edited) => _edited = edited;

    /// <summary>Writes for the program.</summary>
    public void Write(TextWriter straight, string text)
    {
        lock (_lock)
        {
            if (_edited is null)
            {
                straight.Write(text);
            }
            else
            {
                _edited.InsertAbove(text);
            }
        }
    }

    /// <summary>Leaves the line that is edited, if one is, since the program ends or stops.</summary>
    public void Leave()
    {
        if (_lock.TryEnter(s_patience))
        {
            try
            {
                _edited?.End();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    private static bool IsSameTerminal()
    {
        try
        {
            return Libc.TerminalName(Stdout) == Libc.TerminalName(Stderr);
        }
        catch (OsException)
        {
            // The second is none, or neither has a name here.
            return false;
        }
    }
}
