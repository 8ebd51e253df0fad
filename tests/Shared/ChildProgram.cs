namespace Gannet.Testing;

/// <summary>The child program (tests/Gannet.Tests.Child), which runs one scenario in a process of its own.</summary>
public static class ChildProgram
{
    /// <summary>Its executable, beside the tests.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "Gannet.Tests.Child");

    /// <summary>Runs <c>Class.Method</c> of the child's Scenarios/ to its end.</summary>
    public static TestProcess Run(string scenario, params IEnumerable<string> arguments) =>
        TestProcess.Run(Executable, [scenario, .. arguments]);

    /// <summary>Starts a scenario that the test then talks to.</summary>
    public static TestProcess Start(string scenario, params IEnumerable<string> arguments) =>
        TestProcess.Start(Executable, [scenario, .. arguments]);
}
