namespace Gannet;

/// <summary>What a <see cref="SignalHandler"/> stands for.</summary>
public enum SignalHandlerKind
{
    /// <summary><c>SIG_DFL</c>: what the system, or the .NET runtime, does with the signal.</summary>
    Default,

    /// <summary><c>SIG_IGN</c>: nothing happens.</summary>
    Ignore,

    /// <summary>A function of the program is called.</summary>
    Custom,

    /// <summary>Native code that is neither Gannet's nor the runtime's has a handler there.</summary>
    Unknown,
}
