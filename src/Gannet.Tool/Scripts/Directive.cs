namespace Gannet.Tool.Scripts;

/// <summary>One directive of a file-based app, <c>#:kind value</c>.</summary>
/// <param name="Kind">The word behind <c>#:</c>, for instance <c>package</c>.</param>
/// <param name="Value">The rest of the line, trimmed; empty when there is none.</param>
/// <param name="Line">The line that it stands on, counted from 1.</param>
internal sealed record Directive(string Kind, string Value, int Line)
{
    /// <summary>
    /// Finds the directives of a script: the lines that begin with <c>#:</c> ahead of its first code. Blank lines, comments
    /// and other <c>#</c> lines may stand between them.
    /// </summary>
    public static List<Directive> FindAll(ReadOnlySpan<char> text)
    {
        List<Directive> directives = [];
        bool inComment = false;
        for (int number = 1; !text.IsEmpty; number++)
        {
            ReadOnlySpan<char> line = SkipComments(NextLine(ref text).TrimStart('\uFEFF').Trim(), ref inComment);
            if (line.StartsWith("#:"))
            {
                directives.Add(Parse(line[2..].Trim(), number));
            }
            else if (!line.IsEmpty && line[0] != '#')
            {
                break;
            }
        }

        return directives;
    }

    /// <summary>Takes the first line off the text. (EnumerateLines would have code compiled for it at each start.)</summary>
    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny('\r', '\n');
        ReadOnlySpan<char> line = end < 0 ? text : text[..end];
        int next = end < 0 ? text.Length : text[end..].StartsWith("\r\n") ? end + 2 : end + 1;
        text = text[next..];
        return line;
    }

    /// <summary>Whether a path in a directive is one path, neither a pattern nor an expression for MSBuild.</summary>
    public static bool IsPlainPath(string path) => !path.AsSpan().ContainsAny('*', '?', '$');

    private static Directive Parse(ReadOnlySpan<char> text, int line)
    {
        int end = text.IndexOfAny(' ', '\t');
        return end < 0
            ? new Directive(text.ToString(), "", line)
            : new Directive(text[..end].ToString(), text[end..].Trim().ToString(), line);
    }

    /// <summary>What of a line is left without the comments that it begins with.</summary>
    private static ReadOnlySpan<char> SkipComments(ReadOnlySpan<char> line, ref bool inComment)
    {
        while (true)
        {
            if (inComment)
            {
                int end = line.IndexOf("*/");
                if (end < 0)
                {
                    return [];
                }

                line = line[(end + 2)..].TrimStart();
                inComment = false;
            }

            if (line.StartsWith("//"))
            {
                return [];
            }

            if (!line.StartsWith("/*"))
            {
                return line;
            }

            line = line[2..];
            inComment = true;
        }
    }
}
