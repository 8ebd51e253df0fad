using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>The XML documentation that lies beside the assemblies which inputs are compiled against.</summary>
internal static partial class Documentation
{
    private static readonly Dictionary<string, byte[]> s_files = new(StringComparer.Ordinal);

    /// <summary>The documentation of a symbol; null when there is none.</summary>
    public static XElement? Find(ISymbol symbol, Compilation compilation)
    {
        symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol.OriginalDefinition;
        return symbol.GetDocumentationCommentId() is { } id
            && symbol.ContainingAssembly is { } assembly
            && compilation.GetMetadataReference(assembly) is PortableExecutableReference { FilePath: { } path }
            ? Find(Path.ChangeExtension(path, ".xml"), id)
            : null;
    }

    /// <summary>The first line of a symbol's summary; null when there is none.</summary>
    public static string? SummaryLine(ISymbol symbol, Compilation compilation) =>
        Find(symbol, compilation)?.Element("summary") is { } summary ? Paragraphs(summary).FirstOrDefault() : null;

    /// <summary>The paragraphs of an element, without its marks.</summary>
    public static IEnumerable<string> Paragraphs(XElement element)
    {
        StringBuilder text = new();
        Append(text, element);
        return text.ToString().Split('\n').Select(line => Blanks().Replace(line, " ").Trim()).Where(line => line.Length > 0);
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (XNode node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    // A line break of the file is none of the text.
                    text.Append(words.Value.Replace('\n', ' '));
                    break;
                case XElement { Name.LocalName: "para" or "code" or "item" or "description" } block:
                    text.Append('\n');
                    Append(text, block);
                    text.Append('\n');
                    break;
                case XElement { IsEmpty: true } reference:
                    text.Append(NameIn(reference));
                    break;
                case XElement inner:
                    Append(text, inner);
                    break;
            }
        }
    }

    // <see cref="M:Gannet.Os.Kill(System.Int32,Gannet.Signal)"/> is Os.Kill, <see langword="true"/> is true.
    private static string NameIn(XElement reference)
    {
        string name = (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name") ?? reference.Attribute("href"))?.Value ?? "";
        if (reference.Attribute("cref") is null)
        {
            return name;
        }

        string path = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('(')[0].Replace(".#ctor", "", StringComparison.Ordinal);
        string[] parts = GenericMark().Replace(path, "").Split('.');
        return name.StartsWith("T:", StringComparison.Ordinal) ? parts[^1] : string.Join('.', parts.TakeLast(2));
    }

    private static XElement? Find(string path, string id)
    {
        if (!s_files.TryGetValue(path, out byte[]? file))
        {
            s_files[path] = file = File.Exists(path) ? File.ReadAllBytes(path) : [];
        }

        // The file of the framework is large, and one element of it is wanted.
        ReadOnlySpan<byte> bytes = file;
        int start = bytes.IndexOf(Encoding.UTF8.GetBytes($"<member name=\"{System.Security.SecurityElement.Escape(id)}\">"));
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> end = "</member>"u8;
        int length = bytes[start..].IndexOf(end);
        try
        {
            return length < 0 ? null : XElement.Parse(Encoding.UTF8.GetString(bytes.Slice(start, length + end.Length)));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("`+[0-9]+")]
    private static partial Regex GenericMark();
}
