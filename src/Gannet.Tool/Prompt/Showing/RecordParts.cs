using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gannet.Tool.Prompt.Showing;

/// <summary>
/// The parts of a record that the compiler's own <c>PrintMembers</c> shows. Their names are read from its code, where each is a text: a session's
/// internal members are compiled as public ones, and nothing else tells that they are none of the parts.
/// </summary>
internal static class RecordParts
{
    // The instruction ldstr, and the table that the last byte of its operand names.
    private const byte LoadText = 0x72;
    private const byte TextTable = 0x70;
    private const int TokenSize = sizeof(int);

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <summary>The parts, those of the base first; null for what is no record, has code of its author's for it, or a part that can't be had.</summary>
    public static List<MemberInfo>? Of(Type type)
    {
        if (!IsGenerated(type.GetMethod(nameof(ToString), Type.EmptyTypes)))
        {
            return null;
        }

        List<MemberInfo> parts = [];
        foreach (Type record in Lineage(type).Reverse())
        {
            // One that somebody wrote may leave out what nobody shall see.
            if (PrintMethod(record) is not { } method || !IsGenerated(method))
            {
                return null;
            }

            foreach (string name in Names(method))
            {
                if (Find(record, name) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }
        }

        return parts;
    }

    // A record and those that it derives from.
    private static IEnumerable<Type> Lineage(Type type)
    {
        for (Type? part = type; part is not null && part != typeof(object) && part != typeof(ValueType); part = part.BaseType)
        {
            yield return part;
        }
    }

    private static MethodInfo? PrintMethod(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, [typeof(StringBuilder)]);

    private static bool IsGenerated(MethodInfo? method) => method is not null && method.IsDefined(typeof(CompilerGeneratedAttribute));

    // A span can't be had by reflection.
    private static MemberInfo? Find(Type type, string name) =>
        type.GetMember(name, MemberTypes.Property | MemberTypes.Field, Own) is [var part] && part is not PropertyInfo { PropertyType.IsByRefLike: true } ? part : null;

    // It appends "Name = ", then the value, ", Next = " and so on.
    private static IEnumerable<string> Names(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int i = 0; i + TokenSize < code.Length; i++)
        {
            if (code[i] == LoadText && code[i + TokenSize] == TextTable
                && method.Module.ResolveString(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i + 1))).Trim(',', ' ', '=') is { Length: > 0 } name)
            {
                yield return name;
            }
        }
    }
}
