namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>What every input has in scope by itself.</summary>
internal static class ImpliedNames
{
    /// <summary>The namespaces.</summary>
    public static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Gannet", "Gannet.Threading",
    ];

    /// <summary>
    /// The framework's assemblies that have public types in them, those that Gannet refers to, and what all these refer to: with them alone whatever
    /// has a meaning means the same as with all assemblies.
    /// </summary>
    public static readonly string[] Assemblies =
    [
        "Microsoft.Win32.Primitives", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Collections.NonGeneric",
        "System.ComponentModel", "System.ComponentModel.Primitives", "System.ComponentModel.TypeConverter", "System.Console", "System.Diagnostics.DiagnosticSource",
        "System.Formats.Asn1", "System.IO.FileSystem.AccessControl", "System.IO.FileSystem.DriveInfo", "System.IO.FileSystem.Watcher", "System.IO.Pipelines",
        "System.Linq", "System.Linq.AsyncEnumerable", "System.Linq.Expressions", "System.Linq.Parallel", "System.Linq.Queryable", "System.Memory",
        "System.Net.Http", "System.Net.Primitives", "System.Net.Security", "System.Numerics.Vectors", "System.ObjectModel", "System.Resources.Writer",
        "System.Runtime", "System.Runtime.InteropServices", "System.Runtime.Intrinsics", "System.Runtime.Loader", "System.Runtime.Numerics",
        "System.Security.AccessControl", "System.Security.Claims", "System.Security.Cryptography", "System.Security.Principal.Windows",
        "System.Text.Encoding.Extensions", "System.Text.Encodings.Web", "System.Text.Json", "System.Threading", "System.Threading.AccessControl",
        "System.Threading.Channels", "System.Threading.Overlapped", "System.Threading.Tasks.Parallel", "System.Threading.Thread", "System.Threading.ThreadPool",
    ];
}
