using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// What <c>#r</c> means: a path from the current directory, or beside the file that says it; a name with or without <c>.dll</c> that one of
/// the directories of <see cref="Sys.Path"/> has; or an assembly of the framework.
/// </summary>
internal sealed class FileReferences(LoadedInputs inputs, FrameworkReferences framework) : MetadataReferenceResolver
{
    private readonly Dictionary<string, PortableExecutableReference> _taken = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (Find(reference, baseFilePath) is { } path)
        {
            // One object for each file that an input has, so that the compiler reads it once; a file that completion alone has looked at may
            // be another one by the time that the input is.
            return [_taken.TryGetValue(path, out PortableExecutableReference? taken) ? taken : MetadataReference.CreateFromFile(path)];
        }

        string name = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? reference[..^".dll".Length] : reference;
        return framework.Find(name) is { } assembly ? [assembly] : [];
    }

    /// <summary>Lets the code of an input that is about to run have the files that it refers to.</summary>
    public void Take(Compilation input)
    {
        foreach (PortableExecutableReference reference in input.DirectiveReferences.OfType<PortableExecutableReference>().Where(reference => !framework.Has(reference)))
        {
            _taken.TryAdd(reference.FilePath!, reference);
            inputs.Refer(reference.FilePath!);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private static string? Find(string reference, string? baseFilePath)
    {
        if (reference.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        IEnumerable<string> folders = [FileSources.CurrentFolder];
        if (Path.IsPathRooted(baseFilePath))
        {
            folders = folders.Prepend(Path.GetDirectoryName(baseFilePath)!);
        }

        if (!reference.Contains('/', StringComparison.Ordinal))
        {
            folders = folders.Concat(Sys.Path.Where(folder => folder is not null && !folder.Contains('\0', StringComparison.Ordinal)));
        }

        return folders
            .SelectMany(folder => new[] { reference, reference + ".dll" }.Select(name => Path.GetFullPath(Path.Combine(folder, name))))
            .FirstOrDefault(path => File.Exists(path) && IsAssembly(path));
    }

    private static bool IsAssembly(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (Exception error) when (error is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
