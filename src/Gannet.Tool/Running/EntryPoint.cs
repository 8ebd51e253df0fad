using System.Diagnostics;
using System.Reflection;

namespace Gannet.Tool.Running;

/// <summary>
/// An assembly's entry point as a delegate: called so, an exception comes through as it was thrown, and its trace shows no
/// reflection. For an async Main the compiler has written a synchronous entry point around it. This file is also compiled into
/// the programs that <c>gannet --publish</c> makes.
/// </summary>
internal static class EntryPoint
{
    /// <summary>Binds the entry point to its arguments; the result is the exit status.</summary>
    public static Func<int> Bind(Assembly assembly, string[] arguments)
    {
        MethodInfo main = assembly.EntryPoint!;
        bool takesArguments = main.GetParameters().Length > 0;
        if (main.ReturnType == typeof(int))
        {
            return takesArguments ? Hidden(main.CreateDelegate<Func<string[], int>>(), arguments) : main.CreateDelegate<Func<int>>();
        }

        return takesArguments ? Hidden(main.CreateDelegate<Action<string[]>>(), arguments) : Hidden(main.CreateDelegate<Action>());
    }

    private static Func<int> Hidden(Func<string[], int> main, string[] arguments) => [StackTraceHidden] () => main(arguments);

    private static Func<int> Hidden(Action<string[]> main, string[] arguments) => [StackTraceHidden] () =>
    {
        main(arguments);
        return Environment.ExitCode;
    };

    private static Func<int> Hidden(Action main) => [StackTraceHidden] () =>
    {
        main();
        return Environment.ExitCode;
    };
}
