namespace Gannet;

/// <summary>A method at which this program can be started.</summary>
/// <param name="Name">What it is called in an order.</param>
/// <param name="Method">The method.</param>
/// <param name="Run">Calls it, with the message of the order.</param>
internal record SelfMethod(string Name, Delegate Method, Func<string?, int> Run);
