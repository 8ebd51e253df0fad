using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Gannet;

public static partial class Sys
{
    private const int DefaultCheckInterval = 100;

    private static object s_ps1 = ">>> ";
    private static object s_ps2 = "... ";
    private static Action<object?> s_displayHook = Display;
    private static int s_checkInterval = DefaultCheckInterval;

    /// <summary>
    /// <c>sys.builtin_module_names</c>: the names of the assemblies of the shared framework, in alphabetical order.
    /// In a program that carries its framework in itself they are the assemblies that are loaded.
    /// </summary>
    public static IReadOnlyList<string> BuiltinModuleNames => Facts.Builtins;

    /// <summary><c>sys.copyright</c>: the copyright lines of the runtime and of Gannet.</summary>
    public static string Copyright => Facts.Copyright;

    /// <summary>
    /// <c>sys.exec_prefix</c>: the directory of the runtime's own libraries, which depend on the platform; the program's
    /// directory when it carries its runtime in itself. No separator at the end.
    /// </summary>
    public static string ExecPrefix => Facts.RuntimeDirectory;

    /// <summary>
    /// <c>sys.prefix</c>: the root of the .NET installation; the program's directory when it carries its runtime in itself. No
    /// separator at the end.
    /// </summary>
    public static string Prefix => Facts.Root;

    /// <summary><c>sys.executable</c>: the full path of the running executable: the program itself, or <c>dotnet</c> when that
    /// runs a <c>.dll</c>. Empty when the system does not tell.</summary>
    public static string Executable => Environment.ProcessPath ?? "";

    /// <summary><c>sys.maxint</c>: the largest value of C#'s widest plain integer, <see cref="long.MaxValue"/>. Python 3 has only
    /// <c>sys.maxsize</c> with the same value; a number beyond it is a <see cref="System.Numerics.BigInteger"/>.</summary>
    public static long MaxInt => long.MaxValue;

    /// <summary><c>sys.platform</c>: <c>linux</c> (2.7 said <c>linux2</c>), <c>darwin</c>, <c>win32</c> (on 64 bits too), or
    /// the family that .NET names elsewhere, in lower case.</summary>
    public static string Platform => Facts.Platform;

    /// <summary><c>sys.ps1</c>: the prompt of an interactive session; its text form is shown each time. Python defines it in
    /// interactive sessions only; here it always has its default, a compiled program just never shows it.</summary>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static object Ps1
    {
        get => s_ps1;
        set => s_ps1 = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary><c>sys.ps2</c>: the prompt for the further lines of a statement. As <see cref="Ps1"/>.</summary>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static object Ps2
    {
        get => s_ps2;
        set => s_ps2 = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>
    /// <c>sys.displayhook</c>: what an interactive session does with the value of each expression that is not null. The prompt of the
    /// <c>gannet</c> command puts its own here, which writes the value as C# would; what an assigned one throws is told as an error of the
    /// input. In a program that never shows a prompt it writes the value's text form.
    /// </summary>
    /// <remarks>Python's own also keeps the value in <c>_</c>; here the prompt does that, whatever is assigned.</remarks>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static Action<object?> DisplayHook
    {
        get => s_displayHook;
        set => s_displayHook = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>
    /// <c>sys.version</c>: the runtime's version number, then its commit and build date in parentheses, the framework and the
    /// platform in brackets: <c>10.0.12 (95017c711e, Aug 22 2026) [.NET 10.0.12 on linux-x64]</c>. The date is that of the core library's
    /// file. What is not known is left out.
    /// </summary>
    public static string Version => Facts.Version;

    /// <summary><c>sys.version_info</c>: the number at the start of <see cref="Version"/>, by its parts.</summary>
    public static global::System.Version VersionInfo => Environment.Version;

    /// <summary><c>sys.setcheckinterval</c>: keeps the number and does nothing.</summary>
    /// <param name="interval">How many bytecodes Python 2 ran between two looks at other threads.</param>
    [Obsolete("There is no interpreter lock to pass on: threads run in parallel. The setting is kept and has no effect.")]
    public static void SetCheckInterval(int interval) => s_checkInterval = interval;

    /// <summary><c>sys.getcheckinterval</c>: the number last set, 100 at start.</summary>
    [Obsolete("There is no interpreter lock to pass on: threads run in parallel. The setting is kept and has no effect.")]
    public static int GetCheckInterval() => s_checkInterval;

    private static void Display(object? value)
    {
        if (value is not null)
        {
            Stdout.WriteLine(Convert.ToString(value, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What does not change while the program runs, found out at the first question.</summary>
    private static class Facts
    {
        private const string CoreLibrary = "System.Private.CoreLib.dll";

        public static readonly string RuntimeDirectory = FindRuntimeDirectory();

        public static readonly string Root = FindRoot();

        public static readonly IReadOnlyList<string> Builtins =
            [.. FindBuiltins().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        public static readonly string Copyright = string.Join('\n', FindCopyrights());

        public static readonly string Platform =
            OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsWindows() ? "win32"
            : OperatingSystem.IsMacOS() ? "darwin"
            : Environment.OSVersion.Platform.ToString().ToLowerInvariant();

        public static readonly string Version = DescribeVersion();

        private static string FindRuntimeDirectory()
        {
            // Empty in a program that is one file.
            string directory = RuntimeEnvironment.GetRuntimeDirectory();
            return global::System.IO.Path.TrimEndingDirectorySeparator(directory is "" ? AppContext.BaseDirectory : directory);
        }

        // An installation has its runtimes in <root>/shared/<framework>/<version>.
        private static string FindRoot() =>
            Directory.GetParent(RuntimeDirectory)?.Parent is { Name: "shared", Parent: { } root }
                ? root.FullName
                : global::System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

        private static IEnumerable<string> FindBuiltins()
        {
            string[] trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string)
                ?.Split(global::System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
            string[] own = [.. trusted.Where(file => global::System.IO.Path.GetDirectoryName(file) == RuntimeDirectory)];
            return own.Length > 0
                ? own.Select(file => global::System.IO.Path.GetFileNameWithoutExtension(file))
                : AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name ?? "");
        }

        private static IEnumerable<string> FindCopyrights()
        {
            foreach (Assembly assembly in new[] { typeof(object).Assembly, typeof(Sys).Assembly })
            {
                if (assembly.GetCustomAttribute<AssemblyCopyrightAttribute>()?.Copyright is { } text)
                {
                    yield return text.StartsWith("Copyright", StringComparison.Ordinal) ? text : "Copyright " + text;
                }
            }
        }

        private static string DescribeVersion()
        {
            string[] build = [.. new[] { FindCommit(), FindBuildDate() }.OfType<string>()];
            string details = build.Length > 0 ? $" ({string.Join(", ", build)})" : "";
            return $"{Environment.Version}{details} [{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}]";
        }

        private static string? FindCommit()
        {
            const int shortForm = 10;
            string? version = typeof(object).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            return version?.Split('+') is [_, { Length: > 0 } commit] ? commit[..Math.Min(shortForm, commit.Length)] : null;
        }

        private static string? FindBuildDate()
        {
            FileInfo file = new(global::System.IO.Path.Combine(RuntimeDirectory, CoreLibrary));
            return file.Exists ? file.LastWriteTimeUtc.ToString("MMM d yyyy", CultureInfo.InvariantCulture) : null;
        }
    }
}
