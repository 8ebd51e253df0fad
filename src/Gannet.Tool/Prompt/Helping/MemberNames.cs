using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>What <c>dir</c> lists: the public members that a value has by its type at run time; of a type the static ones and the types in it too.</summary>
internal static class MemberNames
{
    private const BindingFlags OfValue = BindingFlags.Public | BindingFlags.Instance;
    private const BindingFlags OfType = OfValue | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>The names, in the order of the alphabet; none for null.</summary>
    public static IReadOnlyList<string> Of(object? about) => about switch
    {
        null => [],
        Type type => Names(Members(type, OfType)),
        _ => Names(Members(about.GetType(), OfValue).Where(member => member is not Type)),
    };

    // What the runtime adds to each type of array has no name in C#. An interface does not have the members of those that it derives from.
    private static IEnumerable<MemberInfo> Members(Type type, BindingFlags flags) =>
        type.IsArray ? typeof(Array).GetMembers(flags)
        : type.IsInterface ? type.GetInterfaces().Prepend(type).SelectMany(known => known.GetMembers(flags))
        : type.GetMembers(flags);

    private static List<string> Names(IEnumerable<MemberInfo> members) =>
    [
        .. members.Where(HasName)
            .Select(member => member.Name.Split('`')[0])
            .Where(SyntaxFacts.IsValidIdentifier)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    // Accessors, operators and indexers are used by other signs.
    private static bool HasName(MemberInfo member) => member switch
    {
        MethodBase method => !method.IsSpecialName,
        FieldInfo field => !field.IsSpecialName,
        PropertyInfo property => property.GetIndexParameters().Length == 0,
        _ => true,
    };
}
