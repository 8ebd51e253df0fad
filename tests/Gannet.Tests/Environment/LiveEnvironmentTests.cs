using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.EnvironmentRoom;

public class LiveEnvironmentTests
{
    // As .NET reads it.
    private const char Undecodable = '\ufffd';

    [Fact]
    public void Without_changes_every_entry_passes_in_its_order_whatever_it_is()
    {
        string[] entries = ["B=2", "FOO", "=strange", "A=1", "", "A=again", "N\xff=x", "N\xfe=y", "V=\xe9", "E=", "X=a=b"];
        Assert.Equal(entries, Merge(entries, entries, AsDotnetReads(entries)));
    }

    [Fact]
    public void What_the_program_has_set_changed_or_removed_arrives()
    {
        string[] start = ["A=1", "B=2", "C=3"];
        Assert.Equal(["A=new", "C=3", "D=4"], Merge(start, start, new() { ["A"] = "new", ["C"] = "3", ["D"] = "4" }));
    }

    [Fact]
    public void What_native_code_has_set_changed_or_removed_arrives()
    {
        string[] start = ["A=1", "B=2", "C=3"];
        Assert.Equal(["A=new", "C=3", "D=\xff"], Merge(["A=new", "C=3", "D=\xff"], start, AsDotnetReads(start)));
    }

    [Fact]
    public void What_native_code_did_before_dotnet_took_its_copy_keeps_its_bytes()
    {
        string[] native = ["A=\xff", "N\xfe=\xfe"];
        Assert.Equal(native, Merge(native, ["A=1"], AsDotnetReads(native)));
    }

    [Fact]
    public void A_variable_removed_by_the_program_and_set_anew_by_native_code_stays() =>
        Assert.Equal(["A=new"], Merge(["A=new"], ["A=1"], []));

    [Fact]
    public void The_programs_change_wins_over_native_codes() =>
        Assert.Equal(["A=program"], Merge(["A=native"], ["A=1"], new() { ["A"] = "program" }));

    [Fact]
    public void A_change_leaves_no_second_entry_of_the_name()
    {
        string[] start = ["A=1", "B=2", "A=3", "A"];
        Assert.Equal(["A=new", "B=2", "A"], Merge(start, start, new() { ["A"] = "new", ["B"] = "2" }));
        Assert.Equal(["B=2", "A"], Merge(start, start, new() { ["B"] = "2" }));
    }

    [Fact]
    public void A_name_that_is_not_UTF8_keeps_its_bytes_when_its_value_changes()
    {
        string[] start = ["N\xff=1", "N\xfe=2"];
        Assert.Equal(["N\xff=new", "N\xfe=2"], Merge(start, start, new() { [$"N{Undecodable}"] = "new" }));
        Assert.Equal(["N\xfe=2"], Merge(start, start, []));
        Assert.Equal(
            ["N\xff=new", "N\xfe=2"], Merge(start, start, new() { [$"N{Undecodable}"] = "1", ["N\udcff"] = "new" }));
    }

    [Fact]
    public void An_entry_without_a_name_is_never_the_programs() =>
        Assert.Equal(["FOO", "=x"], Merge(["FOO", "=x"], ["FOO", "=x"], new() { [""] = "y" }));

    [Fact]
    public void A_call_without_changes_gives_the_same_entries_and_allocates_nothing_but_the_frameworks_copy()
    {
        IReadOnlyList<byte[]> entries = LiveEnvironment.Snapshot();
        (long ours, long frameworks) = (long.MaxValue, long.MaxValue);
        for (int i = 0; i < 100; i++)
        {
            ours = Math.Min(ours, Allocated(() => LiveEnvironment.Snapshot()));
            frameworks = Math.Min(frameworks, Allocated(() => Environment.GetEnvironmentVariables()));
        }

        Assert.Same(entries, LiveEnvironment.Snapshot());
        Assert.InRange(ours - frameworks, 0, 256);

        static long Allocated(Action action)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_program_that_is_started_gets_all_of_it()
    {
        byte[][] strange = [[(byte)'V', (byte)'=', 0xE9], [0xE9, 0xFF, (byte)'=', (byte)'1'], "WORD"u8.ToArray(), "=strange"u8.ToArray()];
        Dictionary<string, string?> old = new()
        {
            ["OLD_CHANGED"] = "1", ["OLD_REMOVED"] = "1", ["OLD_NATIVE_EARLY"] = "1", ["OLD_NATIVE_LATE"] = "1", ["OLD_KEPT"] = "1",
        };
        using TestProcess run = TestProcess.StartRaw(
            ChildProgram.Executable, ["Execution.WithChangedEnvironment"u8.ToArray()], environment: old, entries: strange);
        run.Wait();
        string[] entries = Encoding.Latin1.GetString(run.StdoutBytes).Split('\0');
        Assert.Equal(
            [
                "=strange", "NATIVE_EARLY=\xff", "NATIVE_LATE=late", "NEW=set", "OLD_CHANGED=changed", "OLD_KEPT=1", "OLD_NATIVE_EARLY=\xfe",
                "OLD_NATIVE_LATE=late", "V=\xe9", "WORD", "\xe9\xff=1",
            ],
            entries.Where(IsOfThisTest).Order(StringComparer.Ordinal));

        static bool IsOfThisTest(string entry) =>
            entry.StartsWith("OLD_") || entry.StartsWith("NATIVE_") || entry.StartsWith('\xe9')
            || entry is "NEW=set" or "V=\xe9" or "WORD" or "=strange";
    }

    // A character stands for a byte here.
    private static string[] Merge(string[] native, string[] start, Dictionary<string, string> managed)
    {
        List<byte[]> agreed = Bytes(start);
        EnvironmentMerge merge = new(Bytes(native), managed, agreed, EnvironmentMerge.AsDotnetReads(agreed));
        return [.. merge.Entries().Select(Encoding.Latin1.GetString)];
    }

    private static List<byte[]> Bytes(string[] entries) => [.. entries.Select(Encoding.Latin1.GetBytes)];

    private static Dictionary<string, string> AsDotnetReads(string[] entries)
    {
        Dictionary<string, string> variables = [];
        foreach (string[] parts in entries.Where(entry => entry.Contains('=')).Select(entry => entry.Split('=', 2)))
        {
            variables.TryAdd(Read(parts[0]), Read(parts[1]));
        }

        return variables;

        static string Read(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));
    }
}
