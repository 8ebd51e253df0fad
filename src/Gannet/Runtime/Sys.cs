namespace Gannet;

/// <summary>
/// Python's <c>sys</c>: the program and the runtime that it runs on. The argument vector, the standard streams, the end of the
/// program, facts about the runtime, and the places where assemblies are looked for. What concerns the operating system is
/// in <c>Os</c>.
/// </summary>
public static partial class Sys;
