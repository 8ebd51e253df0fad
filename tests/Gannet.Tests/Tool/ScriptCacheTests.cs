using Gannet.Testing;
using Gannet.Tool.Caching;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;

namespace Gannet.Tests.Tool;

/// <summary>The cache of compiled scripts, as a class: what it finds, what it refuses, what it removes.</summary>
public sealed class ScriptCacheTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    private string Root => Path.Combine(_folder.Path, "cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_stored_is_found()
    {
        ScriptCache cache = Open();
        CompiledScript stored = Store(cache, "a.cs");
        Assert.True(cache.TryFind(FingerprintOf("a.cs"), out CompiledScript? found));
        Assert.Equal(stored, found);
    }

    [Fact]
    public void What_was_never_stored_is_not_found() => Assert.False(Open().TryFind(FingerprintOf("a.cs"), out _));

    [Fact]
    public void Another_text_another_place_and_another_include_are_other_scripts()
    {
        ScriptCache cache = Open();
        _folder.Write("inc.cs", "class A;");
        _folder.Write("a.cs", "#:include inc.cs\n");
        cache.Store(FingerprintOf("a.cs"), Compile);

        _folder.Write("b.cs", "#:include inc.cs\n");
        Assert.False(cache.TryFind(FingerprintOf("b.cs"), out _));
        _folder.Write("inc.cs", "class B;");
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
        _folder.Write("inc.cs", "class A;");
        Assert.True(cache.TryFind(FingerprintOf("a.cs"), out _));
        _folder.Write("Directory.Build.props", "<Project />");
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
    }

    [Theory]
    [InlineData("script.dll")]
    [InlineData("other.dll")]
    [InlineData("gannet.entry")]
    public void A_file_that_was_cut_off_is_damage(string file)
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        string path = Path.Combine(directory, file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        AssertIsRebuilt(cache, directory);
    }

    [Fact]
    public void A_changed_byte_of_the_assembly_is_damage()
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        string path = Path.Combine(directory, "script.dll");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[3] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertIsRebuilt(cache, directory);
    }

    [Fact]
    public void An_empty_or_missing_description_is_damage()
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        File.WriteAllBytes(Path.Combine(directory, "gannet.entry"), []);
        AssertIsRebuilt(cache, directory);
        File.Delete(Path.Combine(directory, "gannet.entry"));
        AssertIsRebuilt(cache, directory);
    }

    [Theory]
    [InlineData("")]
    [InlineData("script.dll")]
    [InlineData("other.dll")]
    public void An_entry_that_another_user_could_have_written_is_not_used(string file)
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        File.SetUnixFileMode(Path.Combine(directory, file), (UnixFileMode)0b111_111_111);
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("script.dll")]
    public void An_entry_that_belongs_to_another_user_is_not_used(string file)
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        using TestProcess chown = TestProcess.Run("/bin/chown", ["65534", Path.Combine(directory, file)]);
        Assert.Equal(0, chown.ExitCode);
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
    }

    [Fact]
    public void A_cache_or_a_folder_above_it_that_others_can_write_to_is_refused_with_a_warning()
    {
        Open();
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_111_111);
        Assert.Null(ScriptCache.TryOpen(Root, 10, 1000, out string? warning));
        Assert.Contains("another user could write", warning);

        File.SetUnixFileMode(Root, (UnixFileMode)0b111_000_000);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        Assert.Null(ScriptCache.TryOpen(Root, 10, 1000, out _));

        // As /tmp is: others may create there, but not rename what is mine.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b001_111_111_111);
        Assert.NotNull(ScriptCache.TryOpen(Root, 10, 1000, out warning));
        Assert.Null(warning);
    }

    [Fact]
    public void A_cache_that_can_not_be_made_is_no_cache_and_no_warning()
    {
        _folder.Write("file", "");
        Assert.Null(ScriptCache.TryOpen(Path.Combine(_folder.Path, "file", "cache"), 10, 1000, out string? warning));
        Assert.Null(warning);
    }

    [Fact]
    public void The_cache_keeps_to_its_number_of_entries_and_removes_the_longest_unused()
    {
        ScriptCache cache = Open(entries: 2);
        // Locks belong to this process here; a running script's would be another's.
        Directory.SetLastWriteTimeUtc(Store(cache, "a.cs").Directory, DateTime.UtcNow.AddDays(-3));
        Directory.SetLastWriteTimeUtc(Store(cache, "b.cs").Directory, DateTime.UtcNow.AddDays(-2));
        Store(cache, "c.cs");
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
        Assert.True(cache.TryFind(FingerprintOf("c.cs"), out _));
        Assert.True(cache.TryFind(FingerprintOf("b.cs"), out _));
    }

    [Fact]
    public void The_cache_keeps_to_its_size_but_always_has_the_newest()
    {
        ScriptCache cache = Open(bytes: 10);
        Directory.SetLastWriteTimeUtc(Store(cache, "a.cs").Directory, DateTime.UtcNow.AddDays(-1));
        Store(cache, "b.cs");
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
        Assert.True(cache.TryFind(FingerprintOf("b.cs"), out _));
    }

    [Fact]
    public void Use_is_noted_so_that_what_is_used_stays()
    {
        ScriptCache cache = Open();
        string directory = Store(cache, "a.cs").Directory;
        Directory.SetLastWriteTimeUtc(directory, DateTime.UtcNow.AddDays(-30));
        Assert.True(cache.TryFind(FingerprintOf("a.cs"), out _));
        Assert.True(DateTime.UtcNow - Directory.GetLastWriteTimeUtc(directory) < TimeSpan.FromHours(1));
    }

    [Fact]
    public void What_a_killed_run_has_left_is_removed_after_an_hour()
    {
        ScriptCache cache = Open();
        string old = Directory.CreateDirectory(Path.Combine(Root, "tmp-1-old")).FullName;
        string young = Directory.CreateDirectory(Path.Combine(Root, "tmp-1-young")).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        Store(cache, "a.cs");
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public void A_compilation_that_fails_leaves_nothing()
    {
        ScriptCache cache = Open();
        Assert.Throws<InvalidOperationException>(() => cache.Store(FingerprintOf("a.cs"), _ => throw new InvalidOperationException()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public void Clearing_removes_everything_but_what_a_run_has_just_begun()
    {
        ScriptCache cache = Open();
        Store(cache, "a.cs");
        Directory.CreateDirectory(Path.Combine(Root, "tmp-1-left")).LastWriteTimeUtc = DateTime.UtcNow.AddHours(-2);
        string begun = Directory.CreateDirectory(Path.Combine(Root, "tmp-2-begun")).FullName;
        Assert.Equal(0, cache.Clear());
        Assert.Equal([begun], Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public void Eight_runs_at_once_end_with_one_whole_entry()
    {
        ScriptCache cache = Open();
        Fingerprint fingerprint = FingerprintOf("a.cs");
        CompiledScript[] stored = new CompiledScript[8];
        Parallel.For(0, stored.Length, i => stored[i] = cache.Store(fingerprint, Compile));
        Assert.Single(stored.Distinct());
        Assert.Equal([stored[0].Directory], Directory.EnumerateDirectories(Root));
        Assert.True(cache.TryFind(fingerprint, out _));
    }

    private static CompiledScript Compile(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "script.dll"), "assembly");
        File.WriteAllText(Path.Combine(directory, "other.dll"), "another");
        return new CompiledScript(directory, "script.dll", CompiledBy.Gannet, FollowsNativeAotRules: true, RunsInPlace: true);
    }

    private void AssertIsRebuilt(ScriptCache cache, string directory)
    {
        Assert.False(cache.TryFind(FingerprintOf("a.cs"), out _));
        Assert.Equal(directory, cache.Store(FingerprintOf("a.cs"), Compile).Directory);
        Assert.True(cache.TryFind(FingerprintOf("a.cs"), out _));
    }

    private ScriptCache Open(int entries = 100, long bytes = 1 << 20)
    {
        ScriptCache? cache = ScriptCache.TryOpen(Root, entries, bytes, out string? warning);
        Assert.Null(warning);
        return cache!;
    }

    private CompiledScript Store(ScriptCache cache, string script) => cache.Store(FingerprintOf(script), Compile);

    private Fingerprint FingerprintOf(string script)
    {
        string path = Path.Combine(_folder.Path, script);
        if (!File.Exists(path))
        {
            _folder.Write(script, "Console.WriteLine();");
        }

        return Fingerprint.Of(Script.Read(new ScriptSource.File(path)));
    }
}
