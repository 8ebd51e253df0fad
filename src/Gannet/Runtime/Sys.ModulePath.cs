using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Gannet;

public static partial class Sys
{
    /// <summary>
    /// <c>sys.path</c>: the directories in which an assembly is looked for that the program's own list does not have; an
    /// ordinary list that may be edited. It is consulted at each such look-up, in its order, from the first use of this property on.
    /// Element 0 is the script's directory (empty, which means the current one, for <c>-c</c>, standard input and the prompt); then come the
    /// program's directory and the runtime's.
    /// </summary>
    /// <remarks>
    /// <para>A directory that does not exist is skipped, and so is what can't be one: null, a text with a NUL. A name found nowhere
    /// is .NET's <see cref="FileNotFoundException"/>, which tells it. What is loaded stays: a changed path does not look again.
    /// Satellite assemblies are found in the folders of their cultures.</para>
    /// <para>Unlike in Python, a directory put in front can't hide an assembly that the program was built with or that is part of the
    /// framework: .NET's default context resolves those first. A program compiled ahead of time loads nothing.</para>
    /// </remarks>
    public static IList<string> Path => ModulePath.Directories;

    /// <summary>
    /// <c>sys.modules</c>: what is loaded now, by simple name; always up to date. <c>__main__</c> is a second key for the program
    /// itself. Read only: .NET does not forget an assembly.
    /// </summary>
    public static IReadOnlyDictionary<string, LoadedModule> Modules => LoadedModules.Instance;

    /// <summary>The search path; a class of its own, so that the handler is installed at the first use.</summary>
    private static class ModulePath
    {
        public static readonly IList<string> Directories = Prepare();

        private static List<string> Prepare()
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
            string program = global::System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string first = ScriptPath is { } script ? global::System.IO.Path.GetDirectoryName(script) ?? "/" : IsScript ? "" : program;
            return [.. new[] { first, program, ExecPrefix }.Distinct(StringComparer.Ordinal)];
        }

        // Code that has no file: from the command line, from standard input, from the prompt.
        private static bool IsScript => AppContext.GetData("Gannet.Script.Name") is string;

        [UnconditionalSuppressMessage(
            "Trimming", "IL2026", Justification = "Loads only what a program asks for by name at run time, which trimming never kept.")]
        private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
        {
            string file = global::System.IO.Path.Combine(name.CultureName ?? "", name.Name + ".dll");
            foreach (string? directory in Directories.ToArray())
            {
                // A look-up that fails for another's entry would name the wrong culprit.
                if (directory is null || directory.Contains('\0', StringComparison.Ordinal))
                {
                    continue;
                }

                string candidate = global::System.IO.Path.GetFullPath(global::System.IO.Path.Combine(directory, file));
                if (File.Exists(candidate))
                {
                    return context.LoadFromAssemblyPath(candidate);
                }
            }

            return null;
        }
    }
}
