using System.Collections;

namespace Gannet;

/// <summary>.NET's own copy of the environment, which <see cref="System.Environment"/> reads and changes, as UTF-8 text.</summary>
internal static class ManagedEnvironment
{
    /// <summary>Whether the copy is this one. The framework hands out its copy as a new table of new texts each time; that is all
    /// that is allocated.</summary>
    public static bool Holds(Dictionary<string, string> variables)
    {
        IDictionary current = Environment.GetEnvironmentVariables();
        if (current.Count != variables.Count)
        {
            return false;
        }

        IDictionaryEnumerator entries = current.GetEnumerator();
        while (entries.MoveNext())
        {
            if (!variables.TryGetValue((string)entries.Key, out string? value) || value != (string?)entries.Value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The whole copy.</summary>
    public static Dictionary<string, string> Read()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    /// <summary>Changes the copy; null removes the variable.</summary>
    public static void Set(string name, string? value)
    {
#pragma warning disable RS0030 // The one place that keeps both copies alike.
        Environment.SetEnvironmentVariable(name, value);
#pragma warning restore RS0030
    }
}
