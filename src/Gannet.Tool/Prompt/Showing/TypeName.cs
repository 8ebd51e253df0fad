using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Gannet.Tool.Prompt.Evaluating;

namespace Gannet.Tool.Prompt.Showing;

/// <summary>Types as C# writes them, without their namespaces; in the place of those that have no name in C# what they are used as.</summary>
internal static partial class TypeName
{
    // What a sequence of the compiler's making is used as, the most telling first.
    private static readonly Type[] s_sequences =
        [typeof(IReadOnlyList<>), typeof(IEnumerable<>), typeof(IAsyncEnumerable<>), typeof(IEnumerator<>), typeof(IAsyncEnumerator<>)];

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(object)] = "object",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(void)] = "void",
    };

    public static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return OfArray(type);
        }

        if (type.IsByRef || type.IsPointer)
        {
            return Of(type.GetElementType()!) + (type.IsByRef ? "&" : "*");
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        if (IsAnonymous(type))
        {
            return $"<anonymous type: {string.Join(", ", type.GetProperties().Select(part => $"{Of(part.PropertyType)} {part.Name}"))}>";
        }

        Type written = Written(type);
        return written == type ? WithOuterTypes(type) : Of(written);
    }

    /// <summary>Whether it is the type of <c>new { … }</c>.</summary>
    public static bool IsAnonymous(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    // The brackets of the outermost array come first.
    private static string OfArray(Type type)
    {
        string brackets = "";
        for (; type.IsArray; type = type.GetElementType()!)
        {
            brackets += $"[{new string(',', type.GetArrayRank() - 1)}]";
        }

        return Of(type) + brackets;
    }

    /// <summary>The nearest to a type that has a name in C#: an async method's task is of a type of the runtime's own, an iterator of one of the
    /// compiler's.</summary>
    private static Type Written(Type type)
    {
        if (typeof(Task).IsAssignableFrom(type))
        {
            return WrittenTask(type);
        }

        if (!Name(type).StartsWith('<'))
        {
            return type;
        }

        Type[] interfaces = type.GetInterfaces();
        return s_sequences.Select(sequence => Array.Find(interfaces, known => known.IsGenericType && known.GetGenericTypeDefinition() == sequence))
            .FirstOrDefault(known => known is not null) ?? type.BaseType ?? typeof(object);
    }

    private static Type WrittenTask(Type type)
    {
        while (IsOfRuntime(type))
        {
            type = type.BaseType!;
        }

        // A task without a result has one of a type that is the runtime's alone.
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) && IsOfRuntime(type.GetGenericArguments()[0]) ? typeof(Task) : type;
    }

    private static bool IsOfRuntime(Type type) =>
        type.Assembly == typeof(Task).Assembly && !(type.IsGenericType ? type.GetGenericTypeDefinition() : type).IsVisible;

    // A nested type has the arguments of the outer ones before its own.
    private static string WithOuterTypes(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        StringBuilder text = new();
        int count = 0;
        foreach (Type part in OuterTypes(type).Reverse().Append(type))
        {
            int outer = count;
            count = part.GetGenericArguments().Length;
            text.Append(text.Length == 0 ? "" : ".").Append(Name(part).Split('`')[0]);
            if (count > outer)
            {
                text.Append('<').AppendJoin(", ", arguments[outer..count].Select(Of)).Append('>');
            }
        }

        return text.ToString();
    }

    // Without the class around all that an input declares.
    private static IEnumerable<Type> OuterTypes(Type type)
    {
        for (Type? outer = type.DeclaringType; outer is not null && (outer.IsNested || !InputContext.Holds(outer.Assembly)); outer = outer.DeclaringType)
        {
            yield return outer;
        }
    }

    // Without what the compiler puts before the name of a type that is its file's alone.
    private static string Name(Type type) => FileMark().Replace(type.Name, "");

    [GeneratedRegex("^<[^>]*>F[0-9A-F]{64}__")]
    private static partial Regex FileMark();
}
