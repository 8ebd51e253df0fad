namespace Gannet;

/// <summary>One option of a command line: the pair that Python's <c>getopt</c> puts into its list.</summary>
/// <param name="Name">
/// The option with its hyphens, <c>-x</c> or <c>--output</c>, a word always in full. Empty for an operand that is reported in its place
/// among the options (see <see cref="GetOpt"/>, letters that begin with <c>-</c>); CPython 3.14 has <c>None</c> there and all operands
/// of a run in one list.
/// </param>
/// <param name="Value">
/// The value; empty when there is none, never null. An optional value left out and an empty one look alike, as in CPython;
/// <see cref="GetOptItem.HasValue"/> tells them apart.
/// </param>
public readonly record struct ParsedOption(string Name, string Value);
