using Gannet.Interop;

namespace Gannet;

/// <summary>The methods at which this program can be started; <see cref="Os.RegisterSelf(Func{string[], int}, string)"/> tells how.</summary>
internal static class SelfMethods
{
    // Null once it has been carried out.
    private static SelfOrder? s_order = SelfOrder.Take();

    // Changed as a whole: after a fork nobody is to wait for a lock.
    private static SelfMethod[] s_all = [];

    /// <summary>Registers a method; if the process was started for that one, runs it and ends the process.</summary>
    public static void Register(SelfMethod method)
    {
        ArgumentException.ThrowIfNullOrEmpty(method.Name);
        _ = OsText.GetByteCount(method.Name, nameof(method));
        Add(method);
        if (s_order is { } order && order.Method == method.Name && Interlocked.Exchange(ref s_order, null) is not null)
        {
            global::System.Environment.Exit(Sys.Run(() => method.Run(order.Message)));
        }
    }

    /// <summary>The registration of a method.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static SelfMethod Find(Delegate method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (s_order is { } order)
        {
            // A program that registers too late would start itself without end.
            throw new InvalidOperationException($"This process was started to run '{order.Method}', and has not registered that yet.");
        }

        return Array.Find(Volatile.Read(ref s_all), one => one.Method.Equals(method))
            ?? throw new InvalidOperationException("The method is not registered. Os.RegisterSelf does that, before the program does anything else.");
    }

    /// <summary>This program, to be started at a method.</summary>
    public static Command ToCommand(SelfMethod method, string? message, IEnumerable<string> arguments)
    {
        int length = message is null ? 0 : OsText.GetByteCount(message, nameof(message));
        if (length > SelfOrder.LongestMessage)
        {
            throw new ArgumentException($"The message has {length} bytes; at most {SelfOrder.LongestMessage} can be passed.", nameof(message));
        }

        string[] words = Sys.StartingWords
            ?? throw new InvalidOperationException("The code of this program came from standard input, where it can't be read again.");
        Command program = Command.Of(Sys.Executable, words[1..]).WithArg0(words[0]).WithArguments(arguments);
        return new(program.Settings with { Order = new(method.Name, message) });
    }

    private static void Add(SelfMethod method)
    {
        SelfMethod[] before;
        do
        {
            before = Volatile.Read(ref s_all);
            if (Array.Exists(before, other => other.Name == method.Name || other.Method.Equals(method.Method)))
            {
                throw new ArgumentException($"'{method.Name}' is registered already.", nameof(method));
            }
        }
        while (Interlocked.CompareExchange(ref s_all, [.. before, method], before) != before);
    }
}
