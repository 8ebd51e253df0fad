using System.Text.RegularExpressions;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>Which inputs are kept out of the history's file.</summary>
internal static partial class Secrecy
{
    /// <summary>
    /// Whether an input begins with a blank, by which a user says so, or seems to hold a secret: it has a text in quotes and a word such as password, secret,
    /// token or key in whatever spelling, or an address with one in it. Both may be harmless; a line too few in the history is no harm either.
    /// </summary>
    public static bool IsSecret(string text) =>
        text.StartsWith(' ') || (text.Contains('"', StringComparison.Ordinal) && SecretWord().IsMatch(text));

    [GeneratedRegex("passw|passphrase|pwd|secret|token|credential|api[_-]?key|private[_-]?key|Crypt\\.|(?<![a-z])(?:pass|key|bearer|auth|pin)(?![a-z])|://[^/\\s:@]*:[^/\\s@]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretWord();
}
