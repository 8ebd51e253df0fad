using Xunit;

namespace Gannet.Testing;

/// <summary>A test that asks CPython; skipped where PATH has no <c>python3</c> of a version that the tests know.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Problem;
}
