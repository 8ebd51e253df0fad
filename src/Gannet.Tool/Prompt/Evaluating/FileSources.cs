using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>What <c>#load</c> means: a path beside the file that says it, or from the directory that is the current one then.</summary>
internal sealed class FileSources() : SourceFileResolver(searchPaths: [], baseDirectory: CurrentFolder)
{
    /// <summary>The current directory; the root when it has been removed.</summary>
    public static string CurrentFolder
    {
        get
        {
            try
            {
                return Directory.GetCurrentDirectory();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return "/";
            }
        }
    }

    /// <inheritdoc/>
    public override SourceText ReadText(string resolvedPath)
    {
        SourceText text = base.ReadText(resolvedPath);
        string read = text.ToString();
        return UsingDeclarations.Rewrite(FileTypes.Rewrite(read)) is var written && ReferenceEquals(written, read) ? text : SourceText.From(written, Encoding.UTF8);
    }

    /// <inheritdoc/>
    public override string? ResolveReference(string path, string? baseFilePath)
    {
        string? near = Path.IsPathRooted(baseFilePath) ? base.ResolveReference(Path.Combine(Path.GetDirectoryName(baseFilePath)!, path), null) : null;
        return near ?? base.ResolveReference(Path.Combine(CurrentFolder, path), null);
    }
}
