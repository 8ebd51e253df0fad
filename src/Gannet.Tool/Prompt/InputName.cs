using System.Globalization;

namespace Gannet.Tool.Prompt;

/// <summary>What traces call the inputs of a session, in the place of a file.</summary>
internal static class InputName
{
    private const string Start = "<input ";

    /// <summary>The name of an input, counted from 1.</summary>
    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"{Start}{number}>");

    /// <summary>The name behind a path, since the compiler makes a whole path of each name; other paths stay.</summary>
    public static string Shorten(string path) => Path.GetFileName(path) is { } name && Is(name) ? name : path;

    /// <summary>Whether a path is such a name.</summary>
    public static bool Is(string path) => path.StartsWith(Start, StringComparison.Ordinal);
}
