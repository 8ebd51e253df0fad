using System.Collections.Frozen;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// The shell, <c>/bin/sh</c>, for its pipes, redirections and loops, with values that it can't mistake for anything else:
/// <c>Shell.Run($"grep {pattern} {file} | sort")</c>. See <see cref="ShellScript"/> for what a value is and where it can stand, and
/// <c>docs/shell.md</c> for why it can't be injected. To run one program, <see cref="Gannet.Command"/> needs no shell.
/// </summary>
/// <remarks>
/// <para>That a value is one word does not make it harmless to the program that gets it: one that begins with a dash is an option to most, for which
/// <c>--</c> is put before it; and what is given to a command that takes code or a variable's name (<c>eval</c>, <c>sh -c</c>, <c>trap</c>,
/// <c>read</c>, <c>export</c>, <c>let</c>, <c>xargs</c>, <c>awk</c>) is that. The kernel takes 131,071 bytes in one value and in the script, and a
/// few megabytes in all; more is E2BIG, and better given as input.</para>
/// <para>Source: POSIX.1-2024, Shell Command Language; sh(1). CPython's <c>subprocess</c> with <c>shell=True</c> and <c>shlex.quote</c>.</para>
/// </remarks>
public static class Shell
{
    private static readonly FrozenSet<string> s_reserved = FrozenSet.Create(
        StringComparer.Ordinal,
        "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while", "function", "select", "time", "coproc");

    /// <summary>A script as a command, for everything that a <see cref="Gannet.Command"/> can do besides: input, a directory, a terminal, pipes.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <exception cref="ArgumentNullException"><paramref name="script"/>, or a value in it, is null.</exception>
    /// <exception cref="ArgumentException">A value stands where it can't; the message shows it. Or a NUL.</exception>
    public static Command Command(ShellScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        (string text, IReadOnlyList<string> parameters) = script.Build();
        return ShellCommand.Of(text, parameters);
    }

    /// <summary>Runs a script to its end, with this program's standard streams.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <param name="timeout">How long it may take; null without end. Then the shell is ended: see <see cref="Gannet.Command.WithTermination"/>.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>How it ended. The shell gives 127 for a program that is missing, 126 for one that can't be run, 128 and the number for one that a
    /// signal has ended; in a pipeline the last one counts.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command"/>.</exception>
    /// <exception cref="OsException">As <see cref="Gannet.Command.Start"/>; E2BIG for values that are too large.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; it has been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static CommandResult Run(ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).Run(timeout, cancellationToken);

    /// <summary>As <see cref="Run"/>, without a thread that waits.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>How it ended; the exceptions are those of <see cref="Run"/>.</returns>
    [SupportedOSPlatform("linux")]
    public static Task<CommandResult> RunAsync(ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).RunAsync(timeout, cancellationToken);

    /// <summary>Runs a script to its end, and collects what it writes as text.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <param name="timeout">How long it may take; null without end. Then the shell is ended.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>How it ended, and its output and error, apart.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command"/>.</exception>
    /// <exception cref="OsException">As <see cref="Run"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; it has been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static CapturedText Capture(ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).Capture(timeout, cancellationToken);

    /// <summary>As <see cref="Capture"/>, without a thread that waits.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>What <see cref="Capture"/> returns; the exceptions are its too.</returns>
    [SupportedOSPlatform("linux")]
    public static Task<CapturedText> CaptureAsync(ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).CaptureAsync(timeout, cancellationToken);

    /// <summary>Runs a script while the caller reads the lines that it writes; see <see cref="Gannet.Command.Lines"/>.</summary>
    /// <param name="script">The script, an interpolated string; looked at at once, run with the first line that is asked for.</param>
    /// <param name="timeout">How long it may take, reading included; null without end. Then the shell is ended.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>The lines without their ends. A status that is no success is an exception after the last one.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static IEnumerable<string> Lines(ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).Lines(timeout, cancellationToken);

    /// <summary>As <see cref="Lines"/>, without a thread that waits.</summary>
    /// <param name="script">The script, an interpolated string.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended; that of <c>WithCancellation</c> as well.</param>
    /// <returns>The lines; the exceptions are those of <see cref="Lines"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static IAsyncEnumerable<string> LinesAsync(
        ShellScript script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Command(script).LinesAsync(timeout, cancellationToken);

    /// <summary>A text as a command for the shell, all of it, as it is: whatever was put into it from elsewhere is run. With values,
    /// <see cref="Command"/> is the one to take.</summary>
    /// <param name="script">The script.</param>
    /// <exception cref="ArgumentNullException"><paramref name="script"/> is null.</exception>
    /// <exception cref="ArgumentException">A NUL in it.</exception>
    public static Command CommandRaw(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return ShellCommand.Of(script, []);
    }

    /// <summary>Has the shell run a text, all of it, as it is: whatever was put into it from elsewhere is run. With values, <see cref="Run"/> is the one
    /// to take.</summary>
    /// <param name="script">The script.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>As <see cref="Run"/>; the exceptions are its too.</returns>
    /// <exception cref="ArgumentException">A NUL in it.</exception>
    [SupportedOSPlatform("linux")]
    public static CommandResult RunRaw(string script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRaw(script).Run(timeout, cancellationToken);

    /// <summary>As <see cref="RunRaw"/>, without a thread that waits.</summary>
    /// <param name="script">The script.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>As <see cref="Run"/>; the exceptions are its too.</returns>
    [SupportedOSPlatform("linux")]
    public static Task<CommandResult> RunRawAsync(string script, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRaw(script).RunAsync(timeout, cancellationToken);

    /// <summary>
    /// <c>shlex.quote</c>: a text as one word of a script that is made elsewhere, a file for instance, or a command for <c>ssh</c>. Outside of
    /// quotes and here-documents it is that word in every POSIX shell, and nothing else.
    /// </summary>
    /// <param name="word">The word; it may be empty.</param>
    /// <returns>The word itself if the shell takes it as it is wherever it stands, else with quotes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="word"/> is null.</exception>
    /// <exception cref="ArgumentException">A NUL, or half a surrogate pair that stands for no byte.</exception>
    /// <remarks>Differs from CPython, which leaves <c>if</c>, <c>a=b</c>, <c>2</c>, <c>%1</c>, <c>a,b</c> and <c>1..3</c> as they are; these are other
    /// things to some shell as the first word, before a <c>&gt;</c>, or within the script's own <c>{ }</c>.</remarks>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        _ = OsText.GetByteCount(word, nameof(word));
        return IsPlain(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    /// <summary><c>shlex.join</c>: words as the text of a command, each by <see cref="Quote"/>, with blanks between them.</summary>
    /// <param name="words">The words.</param>
    /// <exception cref="ArgumentNullException">The list or one of the words is null.</exception>
    /// <exception cref="ArgumentException">As <see cref="Quote"/>.</exception>
    public static string Join(params IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return string.Join(' ', words.Select(Quote));
    }

    private static bool IsPlain(string word) =>
        word is not ""
        && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:+@".Contains(letter, StringComparison.Ordinal))
        && !word.All(char.IsAsciiDigit)
        && !word.Contains("..", StringComparison.Ordinal)
        && !s_reserved.Contains(word);
}
