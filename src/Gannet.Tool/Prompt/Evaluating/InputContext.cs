using System.Reflection;
using System.Runtime.Loader;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// Where inputs are loaded: one context for those that declare something, which stay, and for each of the others one of its own, which the
/// collector takes away with the last reference to what is in it.
/// </summary>
internal sealed class InputContext : AssemblyLoadContext
{
    private readonly LoadedInputs _inputs;

    private InputContext(LoadedInputs inputs, string name, bool isCollectible)
        : base(name, isCollectible) => _inputs = inputs;

    /// <summary>The context of what stays.</summary>
    public static InputContext Lasting(LoadedInputs inputs) => new(inputs, "prompt", isCollectible: false);

    /// <summary>A context for one input.</summary>
    public static InputContext Passing(LoadedInputs inputs) => new(inputs, "prompt input", isCollectible: true);

    /// <summary>Whether code of this assembly was typed, or read by <c>#load</c> or <c>-i</c>.</summary>
    public static bool Holds(Assembly assembly) => GetLoadContext(assembly) is InputContext;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) => _inputs.Find(assemblyName.Name!);
}
