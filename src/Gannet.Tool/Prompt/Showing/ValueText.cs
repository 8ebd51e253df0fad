using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Gannet.Tool.Prompt.Showing;

/// <summary>
/// A value as C# would write it: text and characters as literals, collections by their elements, tuples, records and anonymous objects by their
/// parts, whatever has a text form of its own by that, and the rest by its type.
/// </summary>
internal sealed class ValueText
{
    private const int MostElements = 100;
    private const int MostElementsInAll = 10_000;
    private const int MostDepth = 6;
    private const string More = "...";

    private readonly StringBuilder _text = new();

    // Those that are being written: one that holds itself is not written in itself.
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private int _elements;

    private ValueText()
    {
    }

    /// <summary>The text; what the value itself throws comes through.</summary>
    public static string Of(object? value)
    {
        ValueText text = new();
        text.Write(value, depth: 0);
        return text._text.ToString();
    }

    private void Write(object? value, int depth)
    {
        switch (value)
        {
            case null:
                _text.Append("null");
                break;
            case string text:
                _text.Append(SymbolDisplay.FormatLiteral(text, quote: true));
                break;
            case char letter:
                _text.Append(SymbolDisplay.FormatLiteral(letter, quote: true));
                break;
            case bool truth:
                _text.Append(truth ? "true" : "false");
                break;
            case Type type:
                _text.Append("typeof(").Append(TypeName.Of(type)).Append(')');
                break;
            case Delegate or Exception:
                _text.Append(Brief(value));
                break;
            default:
                WriteObject(value, depth);
                break;
        }
    }

    private static string Brief(object value) =>
        value is Exception error ? $"{TypeName.Of(error.GetType())}: {error.Message}" : TypeName.Of(value.GetType());

    private void WriteObject(object value, int depth)
    {
        if (depth > MostDepth)
        {
            _text.Append(More);
        }
        else if (value.GetType().IsValueType)
        {
            WriteParts(value, depth);
        }
        else if (!_open.Add(value))
        {
            _text.Append(More);
        }
        else
        {
            WriteParts(value, depth);
            _open.Remove(value);
        }
    }

    private void WriteParts(object value, int depth)
    {
        Type type = value.GetType();
        if (value is ITuple tuple)
        {
            WriteAll("(", ")", Elements(tuple), element => Write(element, depth + 1));
        }
        else if (value is IDictionary map)
        {
            WriteAll("{", "}", Entries(map), entry => WriteEntry(entry.Key, entry.Value, depth));
        }
        else if (value is IEnumerable elements && !HasOwnText(type))
        {
            WriteElements(elements, depth);
        }
        else if (IsMadeOfParts(type))
        {
            _text.Append(IsAnonymous(type) ? "" : TypeName.Of(type) + " ");
            WriteAll("{ ", " }", Parts(type), part => _text.Append(part.Name).Append(" = ").Append(Nested(part.GetValue(value), depth)));
        }
        else
        {
            _text.Append(HasOwnText(type) ? Convert.ToString(value, CultureInfo.InvariantCulture) : TypeName.Of(type));
        }
    }

    // By reflection, because a dictionary may have its interface for one type of entry only.
    private void WriteElements(IEnumerable elements, int depth)
    {
        bool isMap = elements.GetType().GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        WriteAll(isMap ? "{" : "[", isMap ? "}" : "]", elements.Cast<object?>(), element =>
        {
            if (isMap && element?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            {
                WriteEntry(type.GetProperty("Key")!.GetValue(element), type.GetProperty("Value")!.GetValue(element), depth);
            }
            else
            {
                Write(element, depth + 1);
            }
        });
    }

    private void WriteEntry(object? key, object? value, int depth)
    {
        _text.Append('[');
        Write(key, depth + 1);
        _text.Append("] = ");
        Write(value, depth + 1);
    }

    private string Nested(object? value, int depth)
    {
        int start = _text.Length;
        Write(value, depth + 1);
        string nested = _text.ToString(start, _text.Length - start);
        _text.Length = start;
        return nested;
    }

    private void WriteAll<T>(string open, string close, IEnumerable<T> elements, Action<T> write)
    {
        _text.Append(open);
        int count = 0;
        foreach (T element in elements)
        {
            _text.Append(count == 0 ? "" : ", ");
            if (count++ == MostElements || _elements++ >= MostElementsInAll)
            {
                _text.Append(More);
                break;
            }

            write(element);
        }

        _text.Append(close);
    }

    private static IEnumerable<object?> Elements(ITuple tuple)
    {
        for (int i = 0; i < tuple.Length; i++)
        {
            yield return tuple[i];
        }
    }

    private static IEnumerable<DictionaryEntry> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return entry;
        }
    }

    // Code that the compiler wrote shows the parts of a record, but texts among them without quotes.
    private static bool IsMadeOfParts(Type type) =>
        IsAnonymous(type) || (TextMethod(type) is { } method && method.IsDefined(typeof(CompilerGeneratedAttribute)) && IsRecord(type));

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, [typeof(StringBuilder)]) is not null;

    private static bool IsAnonymous(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    private static bool HasOwnText(Type type) => TextMethod(type) is { } method && method.DeclaringType != typeof(object) && method.DeclaringType != typeof(ValueType);

    private static MethodInfo? TextMethod(Type type) => type.GetMethod(nameof(ToString), Type.EmptyTypes);

    private static IEnumerable<PropertyInfo> Parts(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(part => part.CanRead && part.GetIndexParameters().Length == 0);
}
