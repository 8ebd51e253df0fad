using System.Runtime.Versioning;
using System.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>Python's <c>getpass</c>: asks for a password without showing it, and tells who the user says to be.</summary>
[SupportedOSPlatform("linux")]
public static class GetPass
{
    private const int Stdin = 0;
    private const int Stderr = 2;

    // One question at a time; a second would save the settings of the first as the terminal's own.
    private static readonly LivingLock s_lock = new();

    /// <summary>
    /// <c>getpass.getpass</c>: asks on the terminal, whatever standard input and output are, and reads a line with echo off. The terminal
    /// is as before when the program leaves it: with the answer, by an exception on whatever thread, by Ctrl-C, by a signal that asks it to
    /// end, by <see cref="Os.ExitNow"/>, <see cref="Os.Abort"/> or another program in its place, by Ctrl-Z (and echo is off again after
    /// <c>fg</c>). SIGKILL, a crash of native code and <see cref="Environment.FailFast(string)"/> can't be helped.
    /// </summary>
    /// <param name="prompt">The question.</param>
    /// <param name="echoCharacter">What to show for each letter typed; null for nothing. With one, erasing (a letter, or with
    /// the kill character all) is done here and not by the terminal.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    /// <returns>What was typed, without the end of the line; empty for an empty line. To be disposed.</returns>
    /// <exception cref="EndOfStreamException">The input ended before a line began: Ctrl-D.</exception>
    /// <exception cref="OperationCanceledException">The token said so.</exception>
    /// <exception cref="ArgumentException">The prompt holds half a surrogate pair or a NUL, or the echo character is a control
    /// character.</exception>
    /// <exception cref="OsException">The terminal failed: EIO when it has hung up, for one.</exception>
    /// <remarks>
    /// Without a controlling terminal standard input serves if it is a terminal, with the question on standard error. If it is
    /// none, a warning and the question go to <see cref="Sys.Stderr"/>, and a line is taken from <see cref="Sys.Stdin"/>, whose own buffer nobody
    /// wipes, and which no token interrupts. CPython gives a string, which stays in memory, and has no echo character before 3.14.
    /// Source: CPython's <c>getpass.unix_getpass</c>, termios(3).
    /// </remarks>
    public static Secret Prompt(string prompt = "Password: ", char? echoCharacter = null, CancellationToken cancellationToken = default)
    {
        byte[] question = OsText.Encode(prompt, nameof(prompt));
        if (echoCharacter is { } echo && (char.IsControl(echo) || char.IsSurrogate(echo)))
        {
            throw new ArgumentException("A control character, or half of one beyond U+FFFF, can't stand for a letter.", nameof(echoCharacter));
        }

        cancellationToken.ThrowIfCancellationRequested();
        using (s_lock.Enter())
        {
            Sys.FlushOutput();
            using SafeFileHandle? terminal = TryOpenTerminal();
            int input = terminal is null ? Stdin : (int)terminal.DangerousGetHandle();
            int output = terminal is null ? Stderr : input;
            QuietTerminal? quiet = QuietTerminal.TryCreate(input, editing: echoCharacter is not null, cancellationToken);
            if (quiet is null)
            {
                return AskAloud(prompt);
            }

            Secret answer;
            using (quiet)
            {
                PasswordReader reader = new(quiet, input, output, question, echoCharacter);
                answer = reader.Read(cancellationToken);
            }

            try
            {
                // The key that ended the line was not shown either.
                Libc.WriteAll(output, "\n"u8);
                return answer;
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// <c>getpass.getuser</c>: the name in LOGNAME, USER, LNAME or USERNAME, whichever is first and not empty, else that of the
    /// real user id. Whoever starts the program can set these: what is to be trusted is <c>Users.Get(Os.GetUid()).Name</c>.
    /// </summary>
    /// <exception cref="KeyNotFoundException">None is set, and the user id has no name. CPython 3.13: <c>OSError</c>.</exception>
    public static string GetUser()
    {
        foreach (string name in (ReadOnlySpan<string>)["LOGNAME", "USER", "LNAME", "USERNAME"])
        {
            if (Os.GetEnv(name) is { Length: > 0 } user)
            {
                return user;
            }
        }

        return Users.Get(Os.GetUid()).Name;
    }

    private static SafeFileHandle? TryOpenTerminal()
    {
        try
        {
            return Libc.Open(Os.CTermId(), Libc.O_RDWR | Libc.O_NOCTTY);
        }
        catch (OsException)
        {
            // No controlling terminal (ENXIO), no such file in this container, not allowed.
            return null;
        }
    }

    private static Secret AskAloud(string prompt)
    {
        Sys.Tell($"Warning: Password input may be echoed.\n{prompt}");
        Secret answer = new();
        try
        {
            ReadLine(answer);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    // Letter by letter, so that no string of it comes to be.
    private static void ReadLine(Secret answer)
    {
        int next = Sys.Stdin.Read();
        if (next < 0)
        {
            throw new EndOfStreamException("The input ended where a password was expected.");
        }

        Span<char> pair = stackalloc char[2];
        Span<byte> bytes = stackalloc byte[4];
        for (; next is >= 0 and not '\n'; next = Sys.Stdin.Read())
        {
            int count = 1;
            pair[0] = (char)next;
            if (char.IsHighSurrogate(pair[0]) && Sys.Stdin.Peek() is >= 0 and int low && char.IsLowSurrogate((char)low))
            {
                pair[count++] = (char)Sys.Stdin.Read();
            }

            int written = Encoding.UTF8.GetBytes(pair[..count], bytes);
            bytes[..written].CopyTo(answer.Extend(written));
        }

        if (answer.AsSpan() is [.., (byte)'\r'])
        {
            answer.Truncate(answer.Length - 1);
        }

        pair.Clear();
        bytes.Clear();
    }
}
