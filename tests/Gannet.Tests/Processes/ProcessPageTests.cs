using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>docs/coming-from-process.md against the framework's two classes as they are.</summary>
public sealed partial class ProcessPageTests
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData(typeof(Process), "Process")]
    [InlineData(typeof(ProcessStartInfo), "ProcessStartInfo")]
    public void Every_member_has_a_row_and_every_row_is_a_member(Type type, string heading)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "coming-from-process.md"));
        string section = page.Split("\n## ").Single(part => part.StartsWith($"{heading}\n", StringComparison.Ordinal));
        string[] rows = [.. section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')[1])];
        string[] named = [.. rows.SelectMany(cell => Name().Matches(cell)).Select(match => match.Groups[1].Value)];
        Assert.Equal(MembersOf(type), named.Order(StringComparer.Ordinal));
    }

    // What Process inherits from Component is not about processes; Dispose is, and is its own.
    private static IEnumerable<string> MembersOf(Type type) => type.GetMembers(Visible)
        .Where(member => IsVisible(member) && member is not ConstructorInfo)
        .Select(member => member.Name)
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase { IsSpecialName: true } => false,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors().Length > 0,
        EventInfo happening => happening.AddMethod!.IsPublic,
        FieldInfo field => field.IsPublic,
        _ => false,
    };

    // The first word of each piece of code in a row's first cell.
    [GeneratedRegex("`([A-Za-z0-9]+)[^`]*`")]
    private static partial Regex Name();
}
