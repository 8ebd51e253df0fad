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
        if (FindEntry(value) is { } pair)
        {
            WriteEntry(pair, depth);
        }
        else if (value is ITuple tuple)
        {
            WriteAll("(", ")", Elements(tuple), element => Write(element, depth + 1));
        }
        else if (value is IDictionary map)
        {
            WriteAll("{", "}", Entries(map), entry => WriteEntry(entry, depth));
        }
        else if (value is IEnumerable elements && !HasOwnText(type))
        {
            WriteElements(elements, depth);
        }
        else if (FindParts(type) is { } parts)
        {
            _text.Append(TypeName.IsAnonymous(type) ? "" : TypeName.Of(type) + " ");
            WriteAll("{ ", parts.Count == 0 ? "}" : " }", parts, part => WritePart(part, value, depth));
        }
        else
        {
            _text.Append(HasOwnText(type) ? Convert.ToString(value, CultureInfo.InvariantCulture) : TypeName.Of(type));
        }
    }

    private void WriteElements(IEnumerable elements, int depth)
    {
        bool isMap = Array.Exists(elements.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        WriteAll(isMap ? "{" : "[", isMap ? "}" : "]", elements.Cast<object?>(), element =>
        {
            if (FindEntry(element) is { } entry)
            {
                WriteEntry(entry, depth);
            }
            else
            {
                Write(element, depth + 1);
            }
        });
    }

    private void WriteEntry(DictionaryEntry entry, int depth)
    {
        _text.Append('[');
        Write(entry.Key, depth + 1);
        _text.Append("] = ");
        Write(entry.Value, depth + 1);
    }

    private void WritePart(MemberInfo part, object value, int depth)
    {
        _text.Append(part.Name).Append(" = ");
        Write(part is PropertyInfo property ? property.GetValue(value, BindingFlags.DoNotWrapExceptions, null, null, null) : ((FieldInfo)part).GetValue(value), depth + 1);
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

    // By reflection, because pairs of different types have no interface in common.
    private static DictionaryEntry? FindEntry(object? value) =>
        value is DictionaryEntry known ? known
        : value?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            ? new DictionaryEntry { Key = type.GetProperty("Key")!.GetValue(value)!, Value = type.GetProperty("Value")!.GetValue(value) }
            : null;

    // Code that the compiler wrote shows the parts of a record, but texts among them without quotes.
    private static IReadOnlyList<MemberInfo>? FindParts(Type type) => TypeName.IsAnonymous(type) ? type.GetProperties() : RecordParts.Of(type);

    private static bool HasOwnText(Type type) => TextMethod(type) is { } method && method.DeclaringType != typeof(object) && method.DeclaringType != typeof(ValueType);

    private static MethodInfo? TextMethod(Type type) => type.GetMethod(nameof(ToString), Type.EmptyTypes);
}
