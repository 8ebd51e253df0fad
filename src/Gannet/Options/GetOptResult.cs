namespace Gannet;

/// <summary>
/// What a command line says: the pair of lists that Python's <c>getopt</c> returns. It deconstructs:
/// <c>var (options, arguments) = GetOpt.Parse(…)</c>.
/// </summary>
public sealed class GetOptResult
{
    internal GetOptResult(IReadOnlyList<ParsedOption> options, IReadOnlyList<string> arguments)
    {
        Options = options;
        Arguments = arguments;
    }

    /// <summary>The options in the order seen, repeated ones repeated.</summary>
    public IReadOnlyList<ParsedOption> Options { get; }

    /// <summary>The operands: what is left when the options, their values and the first <c>--</c> are taken away.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Takes the two lists apart.</summary>
    public void Deconstruct(out IReadOnlyList<ParsedOption> options, out IReadOnlyList<string> arguments)
    {
        options = Options;
        arguments = Arguments;
    }
}
