using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Gannet.StartupProfile;

/// <summary>A type as the runtime has it.</summary>
/// <param name="Module">The module that defines it, by its number.</param>
/// <param name="Token">Its definition there; 0 when it has none.</param>
/// <param name="Element">Its kind, as signatures write it.</param>
/// <param name="Arguments">The types that it is made for, or of, by their numbers.</param>
internal sealed record TracedType(ulong Module, int Token, byte Element, IReadOnlyList<ulong> Arguments);

/// <summary>A method that was compiled while the program ran.</summary>
/// <param name="Type">The type that has it, by its number.</param>
/// <param name="Token">Its definition in that type's module.</param>
/// <param name="Arguments">The types that it is made for, by their numbers.</param>
internal sealed record TracedMethod(ulong Type, int Token, IReadOnlyList<ulong> Arguments);

/// <summary>What a trace tells of the methods that no image had code for.</summary>
internal sealed class StartupTrace
{
    private readonly Dictionary<ulong, string> _modules = [];
    private readonly Dictionary<ulong, TracedType> _types = [];
    private readonly Dictionary<long, TracedMethod> _described = [];
    private readonly HashSet<long> _begun = [];
    private readonly HashSet<long> _compiled = [];

    private StartupTrace()
    {
    }

    /// <summary>The paths of modules, by the modules' numbers.</summary>
    public IReadOnlyDictionary<ulong, string> Modules => _modules;

    /// <summary>Types by their numbers.</summary>
    public IReadOnlyDictionary<ulong, TracedType> Types => _types;

    /// <summary>The methods.</summary>
    public IReadOnlyList<TracedMethod> Methods { get; private set; } = [];

    public static StartupTrace Read(string path)
    {
        StartupTrace trace = new();
        using EventPipeEventSource source = new(path);
        ClrTraceEventParser events = source.Clr;
        events.LoaderModuleLoad += module => trace._modules[(ulong)module.ModuleID] = module.ModuleILPath;
        events.TypeBulkType += types =>
        {
            for (int i = 0; i < types.Count; i++)
            {
                var type = types.Values(i);
                trace._types[type.TypeID] = new TracedType(
                    type.ModuleID, type.TypeNameID, type.CorElementType, [.. Enumerable.Range(0, type.TypeParameterCount).Select(type.TypeParameterID)]);
            }
        };
        events.MethodMethodDetails += method => trace._described[method.MethodID] = new TracedMethod(
            (ulong)method.TypeID, method.MethodToken, [.. Enumerable.Range(0, method.TypeParameterCount).Select(i => (ulong)method.TypeParameters(i))]);
        events.MethodJittingStarted += method => trace._begun.Add(method.MethodID);
        events.MethodLoadVerbose += method =>
        {
            // What is compiled anew because it is called often had code before.
            if (trace._begun.Remove(method.MethodID) && method.OptimizationTier is OptimizationTier.QuickJitted)
            {
                trace._compiled.Add(method.MethodID);
            }
        };
        source.Process();
        trace.Methods = [.. trace._compiled.Where(trace._described.ContainsKey).Select(id => trace._described[id])];
        return trace;
    }
}
