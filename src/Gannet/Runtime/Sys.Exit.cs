using System.Diagnostics.CodeAnalysis;

namespace Gannet;

public static partial class Sys
{
    /// <summary>
    /// <c>sys.exitfunc</c>: one function to run at the end of the program, after every hook of <see cref="AtExit"/>; null removes it.
    /// It runs at every normal end, whether <see cref="Exit()"/> was called or not. Python 3 has dropped it; new code says
    /// <see cref="AtExit.Register(Action)"/>.
    /// </summary>
    public static Action? ExitFunction
    {
        get => AtExit.ExitFunction;
        set => AtExit.ExitFunction = value;
    }

    /// <summary>
    /// <c>sys.exit()</c>: ends the program with status 0, by throwing <see cref="SystemExitException"/>. See
    /// <see cref="Exit(object?)"/>.
    /// </summary>
    /// <exception cref="SystemExitException">Always.</exception>
    [DoesNotReturn]
    public static void Exit() => throw new SystemExitException();

    /// <summary>
    /// <c>sys.exit(status)</c>: ends the program with this status, by throwing <see cref="SystemExitException"/>. The number is
    /// passed on as it is; the kernel keeps its low eight bits, so 256 arrives as 0 and -1 as 255.
    /// </summary>
    /// <param name="status">0 for success, anything else for failure; 1 to 125 have no other meaning to a shell.</param>
    /// <exception cref="SystemExitException">Always.</exception>
    [DoesNotReturn]
    public static void Exit(int status) => throw new SystemExitException(status);

    /// <summary>
    /// <c>sys.exit(object)</c>: ends the program. Null is status 0; a number, a <see cref="bool"/> or an enum is the status;
    /// anything else, a fraction and an empty text included, is written with a newline to <see cref="Stderr"/>, and the
    /// status is 1.
    /// </summary>
    /// <remarks>
    /// <c>finally</c> blocks run, innermost first, then the hooks of <see cref="AtExit"/>. It works by an exception, so it needs
    /// somebody who catches it: the <c>gannet</c> command does for a script, <see cref="Run(Func{int})"/> in a compiled
    /// program. On another thread than the main one it ends that thread, silently. Text follows the invariant culture.
    /// </remarks>
    /// <param name="code">The status, or what to tell the user.</param>
    /// <exception cref="SystemExitException">Always.</exception>
    [DoesNotReturn]
    public static void Exit(object? code) => throw new SystemExitException(code);
}
