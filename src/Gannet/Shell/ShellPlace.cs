namespace Gannet;

/// <summary>What a part of a script is to the shell.</summary>
internal enum ShellPlace
{
    /// <summary>Commands and their words: the one place for a value.</summary>
    Command,

    /// <summary>Within <c>'…'</c>.</summary>
    SingleQuotes,

    /// <summary>Within <c>"…"</c>.</summary>
    DoubleQuotes,

    /// <summary>Within <c>$'…'</c>, which bash knows and dash does not.</summary>
    DollarQuotes,

    /// <summary>Within <c>${…}</c>.</summary>
    Parameter,

    /// <summary>Within <c>$((…))</c> or <c>((…))</c>.</summary>
    Arithmetic,

    /// <summary>Within <c>`…`</c>.</summary>
    Backquotes,

    /// <summary>From <c>#</c> to the end of the line.</summary>
    Comment,

    /// <summary>The word after <c>&lt;&lt;</c>.</summary>
    Delimiter,

    /// <summary>The lines of a here-document.</summary>
    HereDocument,
}
