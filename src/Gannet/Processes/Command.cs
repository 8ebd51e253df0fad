using Gannet.Interop;

namespace Gannet;

/// <summary>
/// <c>subprocess</c>: a program to run, its arguments, and all that is to be different in its process. Immutable: each
/// <c>With…</c> gives a new command, so one can be kept, shared between threads and run many times.
/// </summary>
/// <remarks>
/// <para>No shell is involved: an argument is one word, whatever is in it. The program gets this program's live environment, working
/// directory, standard streams, user and limits unless the command says otherwise, and descriptors 0, 1 and 2 only. Signals that this
/// program handles, and SIGPIPE, which .NET ignores, are at their default in it; ignored ones stay ignored; none is blocked.</para>
/// <para>A start costs the same however large this process is: nothing of it is copied. A step that fails in the child is an
/// <see cref="OsException"/> that names it, and leaves no child behind. <c>docs/processes.md</c> explains the whole model.</para>
/// <para>Source: CPython's <c>subprocess.Popen</c>, POSIX <c>posix_spawn</c>, execve(2), clone(2).</para>
/// </remarks>
public sealed partial class Command
{
    private readonly CommandSettings _settings;

    internal Command(CommandSettings settings) => _settings = settings;

    /// <summary>The program as it was given.</summary>
    public string Program => _settings.Program;

    /// <summary>The arguments, without the program's own name.</summary>
    public IReadOnlyList<string> Arguments => _settings.Arguments;

    /// <summary>All that it says.</summary>
    internal CommandSettings Settings => _settings;

    /// <summary>A program with its arguments.</summary>
    /// <param name="program">The program. Without a slash it is looked for along the PATH that the child gets, and never in the
    /// current directory unless PATH names that; with one it is a path, and a relative one counts from the child's working
    /// directory.</param>
    /// <param name="arguments">The arguments after its name, each a word of its own.</param>
    /// <exception cref="ArgumentNullException">The program, the arguments or one of them is null.</exception>
    /// <exception cref="ArgumentException">The program is empty; a NUL in it or in an argument.</exception>
    public static Command Of(string program, params IEnumerable<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        _ = OsText.GetByteCount(program, nameof(program));
        return new(new CommandSettings { Program = program, Arguments = [.. Checked(arguments)] });
    }

    /// <summary>With further arguments after those that it has.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentNullException">The arguments or one of them is null.</exception>
    /// <exception cref="ArgumentException">A NUL in an argument.</exception>
    public Command WithArguments(params IEnumerable<string> arguments) =>
        new(_settings with { Arguments = [.. _settings.Arguments, .. Checked(arguments)] });

    /// <summary>With another name than the program's own as <c>argv[0]</c>: a login shell gets <c>-sh</c>, busybox the name of
    /// the tool that it is to be.</summary>
    /// <param name="arg0">The name; it may be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="arg0"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    public Command WithArg0(string arg0)
    {
        ArgumentNullException.ThrowIfNull(arg0);
        _ = OsText.GetByteCount(arg0, nameof(arg0));
        return new(_settings with { Arg0 = arg0 });
    }

    /// <summary>In another working directory.</summary>
    /// <param name="directory">The directory; a relative path counts from this program's.</param>
    /// <exception cref="ArgumentException">It is empty or holds a NUL.</exception>
    public Command In(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _ = OsText.GetByteCount(directory, nameof(directory));
        return new(_settings with { WorkingDirectory = directory });
    }

    /// <summary>With a variable in its environment.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value; it may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c>; a NUL.</exception>
    public Command WithVariable(string name, string value) =>
        new(_settings with { Environment = _settings.Environment.With(name, value) });

    /// <summary>Without a variable in its environment, whether this program has it or not.</summary>
    /// <param name="name">The variable.</param>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c> or a NUL.</exception>
    public Command WithoutVariable(string name) => new(_settings with { Environment = _settings.Environment.Without(name) });

    /// <summary>With an environment that has these variables and no other. What PATH says in it is where the program is looked
    /// for; without one, that is <c>/bin:/usr/bin</c>.</summary>
    /// <param name="variables">Names and values; of two with one name the last one counts.</param>
    /// <exception cref="ArgumentException">A name is empty or holds <c>=</c>; a NUL.</exception>
    /// <exception cref="ArgumentNullException">A value, or <paramref name="variables"/>, is null.</exception>
    public Command WithEnvironment(IEnumerable<KeyValuePair<string, string>> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return new(_settings with
        {
            Environment = variables.Aggregate(EnvironmentPlan.Empty, (plan, variable) => plan.With(variable.Key, variable.Value)),
        });
    }

    /// <summary>Readable, as one would type it into a shell: <c>tar czf 'my file'</c>. Not for a shell to read.</summary>
    public override string ToString() => string.Join(' ', new[] { Program }.Concat(Arguments).Select(Quote));

    private static string Quote(string word) => word is not "" && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./=:,+@%".Contains(character, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> Checked(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        foreach (string argument in arguments)
        {
            ArgumentNullException.ThrowIfNull(argument, nameof(arguments));
            _ = OsText.GetByteCount(argument, nameof(arguments));
            yield return argument;
        }
    }
}
