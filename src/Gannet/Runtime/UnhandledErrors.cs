#if NET10_0_OR_GREATER
using System.Runtime.ExceptionServices;
#endif

namespace Gannet;

/// <summary>
/// What happens to an exception that nobody catches on a thread other than the main one. The runtime asks at most one handler per
/// process, and does not ask it for the main thread; that one is <see cref="Sys.Run(Func{int})"/>'s.
/// </summary>
internal static class UnhandledErrors
{
    private static int s_installed;
    private static volatile bool s_endInOrder;
    private static volatile Action<Exception>? s_instead;

    /// <summary>Lets <see cref="SystemExitException"/> end its own thread only.</summary>
    public static void Install()
    {
        if (Interlocked.Exchange(ref s_installed, 1) == 0)
        {
            SetHandler(Handle);
        }
    }

    /// <summary>From now on any other exception ends the process with status 1 and its hooks, instead of an abort.</summary>
    public static void EndInOrder()
    {
        s_endInOrder = true;
        Install();
    }

    /// <summary>From now on any other exception ends its own thread only, after this has told it, as CPython has it: an interactive session
    /// goes on.</summary>
    public static void EndThreadOnly(Action<Exception> tell)
    {
        s_instead = tell;
        Install();
    }

    private static void SetHandler(Func<Exception, bool> handler)
    {
#if NET10_0_OR_GREATER
        try
        {
            ExceptionHandling.SetUnhandledExceptionHandler(handler);
        }
        catch (InvalidOperationException)
        {
            // The program has a handler of its own; its judgement counts.
        }
#else
        // Older runtimes ask nobody.
        _ = handler;
#endif
    }

    private static bool Handle(Exception error)
    {
        if (Sys.FindExit(error) is not null)
        {
            return true;
        }

        if (s_instead is { } tell)
        {
            tell(error);
            return true;
        }

        if (!s_endInOrder)
        {
            return false;
        }

        Sys.TellUnhandled(error);
        if (AtExit.IsEnding)
        {
            // A second exit would wait for the first, which may be a hook that waits for this thread.
            Environment.ExitCode = 1;
            return true;
        }

        Environment.Exit(1);
        return true;
    }
}
