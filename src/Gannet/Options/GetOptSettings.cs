namespace Gannet;

/// <summary>How <see cref="GetOpt"/> reads a command line, beyond what the letters and words say.</summary>
[Flags]
public enum GetOptSettings
{
    /// <summary>As POSIX and Python's <c>getopt</c> have it: the first operand ends the options; words may be abbreviated.</summary>
    None = 0,

    /// <summary>
    /// Options may follow operands, as in the GNU programs and Python's <c>gnu_getopt</c>. A leading <c>+</c> or <c>-</c> in the
    /// letters decides otherwise, and so does a non-empty <c>POSIXLY_CORRECT</c> in the environment.
    /// </summary>
    Permute = 1,

    /// <summary>
    /// A word counts only when it is written out. A program that may grow new words wants this: an abbreviation that its users
    /// rely on today would be ambiguous tomorrow. CPython's <c>getopt</c> cannot be asked for it; its <c>argparse</c> can.
    /// </summary>
    NoAbbreviations = 2,
}
