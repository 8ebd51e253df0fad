namespace Gannet;

/// <content>This program once more.</content>
public sealed partial class Command
{
    /// <summary>This program, to be started again at one of its methods; see <see cref="Os.RunSelf(Func{string[], int}, IEnumerable{string})"/>.
    /// It is a command like any other: to be captured, piped, limited, given descriptors, another user or a time.</summary>
    /// <param name="method">A method that <see cref="Os.RegisterSelf(Func{string[], int}, string)"/> has been given.</param>
    /// <param name="arguments">What it gets, and what <see cref="Sys.Argv"/> has after the program's name.</param>
    /// <exception cref="ArgumentNullException">The method, the arguments or one of them is null.</exception>
    /// <exception cref="ArgumentException">A NUL in an argument.</exception>
    /// <exception cref="InvalidOperationException">The method is not registered; or the code of this program came from standard input.</exception>
    public static Command OfSelf(Func<string[], int> method, params IEnumerable<string> arguments) =>
        SelfMethods.ToCommand(SelfMethods.Find(method), message: null, arguments);

    /// <summary>As <see cref="OfSelf(Func{string[], int}, IEnumerable{string})"/>, with a message for the method.</summary>
    /// <param name="method">A method that <see cref="Os.RegisterSelf{T}"/> has been given.</param>
    /// <param name="message">What it gets, passed as JSON.</param>
    /// <param name="arguments">What <see cref="Sys.Argv"/> has after the program's name.</param>
    /// <typeparam name="T">The message.</typeparam>
    /// <exception cref="ArgumentNullException">The method, the arguments or one of them is null.</exception>
    /// <exception cref="ArgumentException">A NUL in an argument; a message that is longer than 131,008 bytes as JSON.</exception>
    /// <exception cref="InvalidOperationException">The method is not registered; or the code of this program came from standard input.</exception>
    public static Command OfSelf<T>(Func<T, int> method, T message, params IEnumerable<string> arguments)
    {
        // One delegate type, one kind of registration; but a method of strings can have both.
        MessageMethod<T> registered = SelfMethods.Find(method) as MessageMethod<T>
            ?? throw new InvalidOperationException("The method is registered without a message.");
        return SelfMethods.ToCommand(registered, registered.Write(message), arguments);
    }
}
