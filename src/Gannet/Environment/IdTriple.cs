namespace Gannet;

/// <summary>The three ids of a kind that a process has. Source: credentials(7).</summary>
/// <param name="Real">Who started it.</param>
/// <param name="Effective">Whose rights it has now.</param>
/// <param name="Saved">To whose rights it may go back.</param>
public readonly record struct IdTriple(uint Real, uint Effective, uint Saved);
