using Gannet.Testing;

namespace Gannet.Tests.EnvironmentRoom;

/// <summary>Cases recorded from CPython 3.11's posixpath.</summary>
public class OsPathTests
{
    [Fact, Trait("S", "S129"), Trait("S", "S130"), Trait("S", "S131")]
    public void The_systems_name_is_posix() => Assert.Equal("posix", Os.Name);

    [Fact]
    public void Lines_end_with_a_newline() => Assert.Equal("\n", Os.LineSeparator);

    [Fact, Trait("S", "S155"), Trait("S", "S156"), Trait("S", "S157"), Trait("S", "S160"), Trait("S", "S161")]
    public void The_line_separator_is_the_systems_and_that_of_a_text_writer()
    {
        using StringWriter writer = new();
        writer.Write($"Some other text{Os.LineSeparator}");
        Assert.Equal("Some other text\n", writer.ToString());
        Assert.Equal((Environment.NewLine, writer.NewLine), (Os.LineSeparator, Os.LineSeparator));
    }

    [Fact, Trait("S", "S158"), Trait("S", "S159")]
    public void Printing_and_reading_lines_do_not_depend_on_it()
    {
        using StringWriter writer = new() { NewLine = "|" };
        writer.WriteLine("a");
        Assert.Equal("a|", writer.ToString());
        using StringReader reader = new("a\r\nb\rc\n");
        Assert.Equal(("a", "b", "c", null), (reader.ReadLine(), reader.ReadLine(), reader.ReadLine(), reader.ReadLine()));
    }

    [Theory, Trait("S", "S132")]
    [InlineData("a/b", "a", "b")]
    [InlineData("a", "a")]
    [InlineData("a/", "a", "")]
    [InlineData("b", "", "b")]
    [InlineData("/b", "a", "/b")]
    [InlineData("a/b", "a/", "b")]
    [InlineData("a/b", "a", "", "b")]
    [InlineData("/a", "/", "a")]
    [InlineData("/c/d", "a", "b", "/c", "d")]
    [InlineData("", "", "")]
    [InlineData("a//b", "a//", "b")]
    [InlineData("/a/../b", "/a", "../b")]
    [InlineData("/", "a", "/")]
    public void Join_is_posixpaths(string expected, string first, params string[] rest) => Assert.Equal(expected, Os.Path.Join(first, rest));

    [Theory, Trait("S", "S132")]
    [InlineData("", "", "")]
    [InlineData("a", "", "a")]
    [InlineData("a/b", "a", "b")]
    [InlineData("/a", "/", "a")]
    [InlineData("/", "/", "")]
    [InlineData("//", "//", "")]
    [InlineData("//a", "//", "a")]
    [InlineData("a/", "a", "")]
    [InlineData("a//b", "a", "b")]
    [InlineData("/a/b/", "/a/b", "")]
    [InlineData("a//", "a", "")]
    [InlineData("///a", "///", "a")]
    [InlineData(".", "", ".")]
    [InlineData("..", "", "..")]
    [InlineData("a/..", "a", "..")]
    public void Split_basename_and_dirname_are_posixpaths(string path, string head, string tail)
    {
        Assert.Equal((head, tail), Os.Path.Split(path));
        Assert.Equal((head, tail), (Os.Path.DirName(path), Os.Path.BaseName(path)));
    }

    [Theory, Trait("S", "S132")]
    [InlineData("", "", "")]
    [InlineData("a", "a", "")]
    [InlineData("a.b", "a", ".b")]
    [InlineData("a.b.c", "a.b", ".c")]
    [InlineData(".a", ".a", "")]
    [InlineData(".a.b", ".a", ".b")]
    [InlineData("..a", "..a", "")]
    [InlineData("..", "..", "")]
    [InlineData("a.", "a", ".")]
    [InlineData("a/.b", "a/.b", "")]
    [InlineData("a.b/c", "a.b/c", "")]
    [InlineData("a/..b.c", "a/..b", ".c")]
    [InlineData("/.", "/.", "")]
    [InlineData("...x.y", "...x", ".y")]
    [InlineData("a.b/", "a.b/", "")]
    [InlineData("x/.", "x/.", "")]
    [InlineData(".a.", ".a", ".")]
    public void Splitext_is_posixpaths(string path, string root, string extension) =>
        Assert.Equal((root, extension), Os.Path.SplitExt(path));

    [Theory, Trait("S", "S132")]
    [InlineData("", ".")]
    [InlineData(".", ".")]
    [InlineData("..", "..")]
    [InlineData("/", "/")]
    [InlineData("//", "//")]
    [InlineData("///", "/")]
    [InlineData("a", "a")]
    [InlineData("a/", "a")]
    [InlineData("./a", "a")]
    [InlineData("a/.", "a")]
    [InlineData("a/..", ".")]
    [InlineData("a/../..", "..")]
    [InlineData("../a", "../a")]
    [InlineData("../../a", "../../a")]
    [InlineData("/..", "/")]
    [InlineData("/../a", "/a")]
    [InlineData("//a/..", "//")]
    [InlineData("///a//b/../c/./", "/a/c")]
    [InlineData("a/b/../../..", "..")]
    [InlineData("//..", "//")]
    [InlineData("/.", "/")]
    [InlineData("a//b", "a/b")]
    public void Normpath_is_posixpaths(string path, string expected) => Assert.Equal(expected, Os.Path.NormPath(path));

    [Fact, Trait("S", "S132")]
    public void Absolute_paths_begin_with_a_slash()
    {
        Assert.True(Os.Path.IsAbs("/a"));
        Assert.False(Os.Path.IsAbs("a"));
        Assert.False(Os.Path.IsAbs(""));
        Assert.Equal("/b", Os.Path.AbsPath("/a/../b"));
        Assert.Equal(Environment.CurrentDirectory + "/x", Os.Path.AbsPath("./y/../x"));
        Assert.Equal(Environment.CurrentDirectory, Os.Path.AbsPath(""));
    }

    [Fact, Trait("S", "S132")]
    public void An_absolute_path_keeps_the_bytes_of_a_current_directory_that_are_not_UTF8()
    {
        using TestProcess run = ChildProgram.Run("WorkingDirectory.ShowBeneathStrangeName");
        Assert.Equal("61 dce9 2f 78\n", run.Stdout);
    }

    [Fact, Trait("S", "S132")]
    public void A_current_directory_may_be_deeper_than_any_path_that_a_call_takes()
    {
        using TestProcess run = ChildProgram.Run("WorkingDirectory.ShowDeep");
        Assert.Equal("True\n", run.Stdout);
    }

    [Fact, Trait("S", "S132")]
    public void An_absolute_path_from_a_removed_current_directory_is_an_error()
    {
        using TestProcess run = ChildProgram.Run("WorkingDirectory.ShowRemoved");
        Assert.Equal("getcwd: No such file or directory (ENOENT)\n", run.Stdout);
    }

    [Fact, Trait("S", "S132")]
    public void Existence_and_kind_follow_links_and_never_fail()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-path-").FullName;
        string file = Os.Path.Join(directory, "file"), link = Os.Path.Join(directory, "link"), dangling = Os.Path.Join(directory, "dangling");
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(dangling, "/no/such");
        Assert.Equal((true, true, false), Kind(file));
        Assert.Equal((true, true, false), Kind(link));
        Assert.Equal((true, false, true), Kind(directory));
        Assert.Equal((true, false, false), Kind("/dev/null"));
        Assert.Equal((false, false, false), Kind(dangling));
        Assert.Equal((false, false, false), Kind(file + "/below"));
        Assert.Equal((false, false, false), Kind(""));
        Assert.Equal((false, false, false), Kind("a\0b"));
        Directory.Delete(directory, recursive: true);

        static (bool Exists, bool IsFile, bool IsDirectory) Kind(string path) =>
            (Os.Path.Exists(path), Os.Path.IsFile(path), Os.Path.IsDir(path));
    }

    [PythonFact, Trait("S", "S132")]
    public void Homes_variables_and_ways_are_what_CPython_makes_of_them()
    {
        string[] texts =
        [
            "~", "~/a", "~root", "~root/a/b", "~no-such-user/a", "a~", "", "~/", "$HOME", "${HOME}/x", "a$HOME.b", "$no_such", "${no_such}x",
            "$", "$$HOME", "${", "${}", "${HOME", "x$-y",
        ];
        (string Path, string Start)[] ways = [("/a/b", "/a"), ("/a", "/a/b/c"), ("/a", "/a"), ("/", "/a"), ("x", "."), ("/a/../b", "/c/./d"), ("..", "/")];
        string list = $"[{string.Join(",", texts.Select(text => $"'{text}'"))}]";
        string pairs = $"[{string.Join(",", ways.Select(way => $"('{way.Path}','{way.Start}')"))}]";
        string expected = Python.Run($"""
            import os
            for t in {list}: print("'%s' '%s'" % (os.path.expanduser(t), os.path.expandvars(t)))
            for p, s in {pairs}: print("'%s'" % os.path.relpath(p, s))
            """);
        IEnumerable<string> lines = texts.Select(text => $"'{Os.Path.ExpandUser(text)}' '{Os.Path.ExpandVars(text)}'")
            .Concat(ways.Select(way => $"'{Os.Path.RelPath(way.Path, way.Start)}'"));
        Assert.Equal(expected, string.Concat(lines.Select(line => line + "\n")));
    }

    [PythonFact, Trait("S", "S132")]
    public void Links_are_followed_as_CPython_follows_them()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-links-").FullName;
        string[] paths =
        [
            "", ".", "..", "plain", "file", "file/..", "missing/a/..", "to-plain", "to-plain/x", "to-plain/..", "chain", "broken", "broken/more",
            "itself", "itself/more", "itself/../plain", "one", "two/x", "absolute", "absolute/./x", "twice/to-plain/../file", "deep/up",
        ];
        string expected = Python.Run($"""
            import os
            os.chdir('{directory}')
            os.makedirs('plain'); os.makedirs('deep/er'); open('file', 'w').close()
            for name, target in [('to-plain', 'plain'), ('chain', 'to-plain'), ('broken', 'nowhere'), ('itself', 'itself'), ('one', 'two'),
                                 ('two', 'one'), ('absolute', '{directory}/deep/er'), ('twice', '.'), ('deep/up', '../to-plain/../deep')]:
                os.symlink(target, name)
            for p in [{string.Join(", ", paths.Select(path => $"'{path}'"))}]:
                p = os.path.join('{directory}', p)
                print(p, os.path.realpath(p), os.path.islink(p))
            """);
        IEnumerable<string> lines = paths.Select(path => Os.Path.Join(directory, path))
            .Select(path => $"{path} {Os.Path.RealPath(path)} {(Os.Path.IsLink(path) ? "True" : "False")}\n");
        Assert.Equal(expected, string.Concat(lines));

        Assert.Equal($"{directory}/plain", Os.Path.RealPath($"{directory}/chain", strict: true));
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => Os.Path.RealPath($"{directory}/broken", strict: true)).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<OsException>(() => Os.Path.RealPath($"{directory}/itself", strict: true)).Errno);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<OsException>(() => Os.Path.RealPath($"{directory}/file/..", strict: true)).Errno);
        Assert.False(Os.Path.IsLink("a\0b"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Os.Path.Join(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.Join("a", (string)null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.BaseName(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.SplitExt(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.IsAbs(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.NormPath(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.AbsPath(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.Exists(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.IsLink(null!));
        Assert.Throws<ArgumentNullException>(() => Os.Path.RealPath(null!));
        Assert.Throws<ArgumentException>(() => Os.Path.RealPath("a\0b"));
    }
}
