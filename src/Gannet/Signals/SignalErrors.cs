namespace Gannet;

/// <summary>What becomes of an exception that leaves a handler on the dispatcher's thread.</summary>
internal static class SignalErrors
{
    private static Action<SignalInfo, Exception>? s_hook;

    /// <summary>The hook behind <see cref="Signals.UnhandledException"/>.</summary>
    public static Action<SignalInfo, Exception>? Hook
    {
        get => Volatile.Read(ref s_hook);
        set => Volatile.Write(ref s_hook, value);
    }

    /// <summary>Ends the program when the exception asks for it; otherwise tells about it.</summary>
    public static void Report(SignalInfo info, Exception error)
    {
        if (Sys.FindExit(error) is { } exit)
        {
            Sys.ExitFromHandler(exit);
        }
        else if (Hook is { } hook)
        {
            CallHook(hook, info, error);
        }
        else
        {
            Tell(info, error);
        }
    }

    private static void CallHook(Action<SignalInfo, Exception> hook, SignalInfo info, Exception error)
    {
        try
        {
            hook(info, error);
        }
        catch (Exception second) when (Sys.FindExit(second) is { } exit)
        {
            Sys.ExitFromHandler(exit);
        }
        catch (Exception second)
        {
            Tell(info, error);
            Tell(info, second);
        }
    }

    private static void Tell(SignalInfo info, Exception error) =>
        Sys.Tell($"Exception ignored in the handler of {SignalNames.NameOf(info.Signal)}: {Sys.Describe(error)}\n");
}
