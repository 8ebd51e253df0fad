using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text.Json.Serialization.Metadata;

namespace Gannet;

/// <content>This program once more, at one of its methods.</content>
public static partial class Os
{
    /// <summary>
    /// Makes a method one that <see cref="RunSelf(Func{string[], int}, IEnumerable{string})"/> can start this program at. In the process
    /// that has been started so this call does not return: it runs the method and ends the process with its result.
    /// </summary>
    /// <param name="method">A static method, or a lambda that captures nothing: the new process has nothing of this one's memory. Its result is
    /// the exit status; it runs as under <see cref="Sys.Run(Func{int})"/>.</param>
    /// <param name="name">What it is called in the new process; by itself what stands in the code.</param>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ArgumentException">The method or the name is registered already; an empty name or a NUL in it.</exception>
    /// <remarks>
    /// <para>It belongs to the very beginning of a program, because what stands before it is done in the new process too, as what stands
    /// outside of <c>if __name__ == '__main__'</c> is with Python's <c>multiprocessing</c>.</para>
    /// <para>Why a registration: in a new process there is no way from a name to a method but by reflection, which a trimmed or native program
    /// does not have. Go's <c>reexec</c> does the same, in two calls.</para>
    /// </remarks>
    public static void RegisterSelf(Func<string[], int> method, [CallerArgumentExpression(nameof(method))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(method);
        SelfMethods.Register(new(name, method, _ => method([.. Sys.Argv.Skip(1)])));
    }

    /// <summary>As <see cref="RegisterSelf(Func{string[], int}, string)"/>, for a method that takes a message.</summary>
    /// <param name="method">A static method, or a lambda that captures nothing.</param>
    /// <param name="type">How the message becomes JSON: that of a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="name">What it is called in the new process; by itself what stands in the code.</param>
    /// <typeparam name="T">The message.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="type"/> is null.</exception>
    /// <exception cref="ArgumentException">The method or the name is registered already; an empty name or a NUL in it.</exception>
    public static void RegisterSelf<T>(Func<T, int> method, JsonTypeInfo<T> type, [CallerArgumentExpression(nameof(method))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(type);
        SelfMethods.Register(new MessageMethod<T>(name, method, type));
    }

    /// <summary>
    /// Starts this program again, at a method: for work that is to have a process of its own, where <see cref="Fork(ForkOptions)"/> can't be had
    /// or is not wanted. Works under <c>gannet</c>, as an executable of whatever kind, and as <c>dotnet x.dll</c>.
    /// </summary>
    /// <param name="method">A method that <see cref="RegisterSelf(Func{string[], int}, string)"/> has been given.</param>
    /// <param name="arguments">What it gets, and what <see cref="Sys.Argv"/> has after the program's name.</param>
    /// <returns>The new process. <see cref="Command.OfSelf(Func{string[], int}, IEnumerable{string})"/> gives the command instead, to which more
    /// can be said: descriptors, a time, where output goes.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command.OfSelf(Func{string[], int}, IEnumerable{string})"/>.</exception>
    /// <exception cref="InvalidOperationException">The method is not registered; or the code of this program came from standard input.</exception>
    /// <exception cref="OsException">As <see cref="Command.Start"/>.</exception>
    /// <remarks>
    /// <para>A fresh image of the same program file: it has the environment, the working directory and the standard streams of this one, and
    /// nothing of its memory. A script is read again, as it is by then.</para>
    /// <para>What to do stands in the environment (<c>GANNET_SELF</c>), and is removed from there by the first registration. So a program that
    /// runs with more rights than whoever starts it must not register methods that its caller may not call.</para>
    /// <para>Python's <c>multiprocessing</c> under its start method <c>spawn</c>; Go's <c>reexec</c>.</para>
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static Child RunSelf(Func<string[], int> method, params IEnumerable<string> arguments) =>
        Command.OfSelf(method, arguments).Start();

    /// <summary>As <see cref="RunSelf(Func{string[], int}, IEnumerable{string})"/>, with a message for the method.</summary>
    /// <param name="method">A method that <see cref="RegisterSelf{T}"/> has been given.</param>
    /// <param name="message">What it gets; up to 131,008 bytes as JSON.</param>
    /// <param name="arguments">What <see cref="Sys.Argv"/> has after the program's name.</param>
    /// <typeparam name="T">The message.</typeparam>
    /// <returns>The new process.</returns>
    /// <exception cref="ArgumentException">As <see cref="Command.OfSelf{T}"/>.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="Command.OfSelf{T}"/>.</exception>
    /// <exception cref="OsException">As <see cref="Command.Start"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static Child RunSelf<T>(Func<T, int> method, T message, params IEnumerable<string> arguments) =>
        Command.OfSelf(method, message, arguments).Start();
}
