namespace Gannet;

/// <content>A terminal of its own.</content>
public sealed partial class Command
{
    private const int UsualColumns = 80;
    private const int UsualRows = 24;

    /// <summary>
    /// <c>pty.fork</c>: with a new pseudo-terminal as its standard input, output and error, and as the controlling terminal of a session of its
    /// own (<see cref="WithNewSession"/> is implied): it behaves as it does for a person. Whoever starts it holds the other end,
    /// <see cref="Child.Terminal"/>. A run writes what the terminal shows to this program's standard output, a capture collects it.
    /// </summary>
    /// <param name="columns">The width in letters, 1 to 65535.</param>
    /// <param name="rows">The height in lines, 1 to 65535.</param>
    /// <param name="echo">Whether the terminal shows what is typed; the child may change it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size out of that range; 0 would mean "not known".</exception>
    /// <exception cref="InvalidOperationException">The command is to join a group already.</exception>
    /// <remarks>
    /// <para>A stream that is said otherwise (<see cref="WithStdin"/> and its kin) is what is said, not the terminal; one of the three has to be
    /// left. Standard error is thus part of the terminal's text unless it is <see cref="Stdio.Pipe"/>. Lines end with <c>\r\n</c>, as
    /// the terminal gives them.</para>
    /// <para>A text or bytes as input are typed: their control characters are keys, a line has 4095 bytes at most, and after them comes the
    /// terminal's end-of-file key. A run or a capture that says no input has that key alone, since nobody could type any more.
    /// <c>TERM</c> is the environment's.</para>
    /// <para>They are typed at once, before the child asks. A program that throws away what was typed ahead, as most do that ask for a password
    /// (ssh, sudo, passwd, CPython's <c>getpass</c>), loses the text and the end-of-file key with it, and waits for ever; so does one that takes the
    /// keys as they are (<c>stty raw</c>), to which that key is a byte like others. For those, start it, read <see cref="Child.Terminal"/> until
    /// it asks, and until <see cref="PseudoTerminal.Echo"/> is off for a password, and type then; or give a run a timeout.</para>
    /// <para>The signals that a terminal sends (SIGINT, SIGQUIT, SIGHUP and those of job control) are at their default, also when this program was
    /// started with some of them ignored, which was about another terminal; <see cref="WithIgnoredSignals"/> outweighs that.</para>
    /// <para>Source: pty(7), setsid(2), ioctl_tty(2), termios(3). Takes Linux 4.13.</para>
    /// </remarks>
    public Command WithTerminal(int columns = UsualColumns, int rows = UsualRows, bool echo = true)
    {
        TerminalPlan.CheckSize(columns, rows);
        return new(WithNewSession()._settings with { Terminal = new(columns, rows, echo), ControllingTerminal = null });
    }
}
