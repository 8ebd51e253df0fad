using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Gannet.Tool.Prompt.Evaluating;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Showing;

/// <summary>Errors as the prompt tells them: what went wrong, and on which of the user's own lines.</summary>
internal static class ErrorText
{
    /// <summary>An exception with those of its frames that are in typed code, or in a script.</summary>
    public static string Of(Exception error)
    {
        StringBuilder text = new();
        Append(text, error);
        return text.ToString();
    }

    /// <summary>What the compiler has to say, a line for each error.</summary>
    public static string Of(InputException error) => string.Join('\n', error.Errors.Select(Describe));

    private static string Describe(Diagnostic error)
    {
        string message = $"error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
        FileLinePositionSpan place = error.Location.GetMappedLineSpan();
        return place.IsValid
            ? $"{(InputName.Is(place.Path) ? "" : place.Path)}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {message}"
            : message;
    }

    private static void Append(StringBuilder text, Exception error)
    {
        text.Append(error.GetType().FullName?.Contains('+', StringComparison.Ordinal) is true ? TypeName.Of(error.GetType()) : error.GetType().FullName)
            .Append(": ").Append(MessageOf(error));
        if (error.InnerException is { } inner)
        {
            text.Append("\n ---> ");
            Append(text, inner);
        }

        foreach (string frame in Frames(error))
        {
            text.Append("\n   at ").Append(frame);
        }
    }

    // An exception may be of the user's making, and its message too.
    private static string MessageOf(Exception error)
    {
        try
        {
            return error.Message;
        }
        catch (Exception)
        {
            return "(its message can't be told)";
        }
    }

    private static IEnumerable<string> Frames(Exception error)
    {
        string? last = null;
        foreach (StackFrame frame in new StackTrace(error, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is { } method && InputContext.Holds(method.Module.Assembly) && frame.GetFileName() is { } file)
            {
                string name = MethodName(method);
                string text = (name.Length == 0 ? "" : name + " in ") + $"{InputName.Shorten(file)}:line {frame.GetFileLineNumber()}";
                // A rethrown exception passes through the same line twice.
                if (text != last)
                {
                    yield return last = text;
                }
            }
        }
    }

    /// <summary>The name that the user gave a method; empty for lines that are in none.</summary>
    private static string MethodName(MethodBase method)
    {
        string name = method.Name;
        if (name == "MoveNext" && Inside(method.DeclaringType!.Name) is { } origin)
        {
            name = origin;
        }
        else if (name.StartsWith('<'))
        {
            return Generated(name);
        }

        return name is "<Initialize>" or "<Factory>" or "<Main>" ? "" : Qualify(name, method);
    }

    // Of a local function its own name, of a lambda that it is one.
    private static string Generated(string name)
    {
        int kind = name.LastIndexOf('>') + 1;
        return name[kind..] is ['g', '_', '_', .. var rest] && rest.IndexOf('|', StringComparison.Ordinal) is > 0 and int end
            ? rest[..end]
            : name is "<Initialize>" or "<Factory>" or "<Main>" ? "" : "lambda";
    }

    private static string? Inside(string name) =>
        name.StartsWith('<') && name.LastIndexOf('>') is > 0 and int end ? name[1..end] : null;

    private static string Qualify(string name, MethodBase method)
    {
        Type type = method.DeclaringType!;
        string parameters = method.Name == "MoveNext" ? "" : string.Join(", ", method.GetParameters().Select(parameter => $"{TypeName.Of(parameter.ParameterType)} {parameter.Name}"));
        bool isTopLevel = !type.IsNested || type.Name.StartsWith('<') || type.DeclaringType is { IsNested: true };
        return $"{(isTopLevel ? "" : TypeName.Of(type) + ".")}{name}({parameters})";
    }
}
