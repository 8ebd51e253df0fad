using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Prompt;

/// <summary><c>gannet -i</c> over a pipe: what inputs mean and what is shown of them. One session serves many questions, since each costs a start.</summary>
public sealed class PipedPromptTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_are_shown_as_CSharp_writes_them() => AssertAnswers(
        ("1 + 1", "2"),
        ("_ + 1", "3"),
        ("\"tab\\t\\\"q\\\"\"", "\"tab\\t\\\"q\\\"\""),
        ("'c'", "'c'"),
        ("1 > 2", "false"),
        ("(string)null", ""),
        ("_", "false"),
        ("(1, \"a\", 'b')", "(1, \"a\", 'b')"),
        ("new List<string> { \"x\", null }", "[\"x\", null]"),
        ("_.Where(x => x is not null).Count()", "1"),
        ("new Dictionary<string, int> { [\"a\"] = 1 }", "{[\"a\"] = 1}"),
        ("new { A = 1, B = \"x\" }", "{ A = 1, B = \"x\" }"),
        ("_.A + 1", "2"),
        ("new[] { new { A = 1 } }.ToList()", "[{ A = 1 }]"),
        ("_.Count", "1"),
        ("Enumerable.Range(0, 1000)", $"[{string.Join(", ", Enumerable.Range(0, 100))}, ...]"),
        ("new int[2][] { [1], [] }", "[[1], []]"),
        ("typeof(Dictionary<string, int?>)", "typeof(Dictionary<string, int?>)"),
        ("await Task.FromResult(5)", "5"),
        ("int.TryParse(\"7\", out _)", "true"),
        ("record P(string Name, int X);", ""),
        ("new P(\"a\", 3)", "P { Name = \"a\", X = 3 }"),
        ("var loop = new List<object>();", ""),
        ("loop.Add(loop);", ""),
        ("loop", "[...]"),
        ("Sys.DisplayHook = value => Console.WriteLine($\"<{value}>\");", ""),
        ("3", "<3>"));

    [Fact]
    public void A_record_shows_what_its_author_shows() => AssertAnswers(
        ("using System.Text;", ""),
        ("record Login(string Name, string Password) { protected virtual bool PrintMembers(StringBuilder text) { text.Append(\"Name = \").Append(Name); return true; } }", ""),
        ("new Login(\"a\", \"sesame\")", "Login { Name = a }"),
        ("record Late(string Name, string Password, int Hour) : Login(Name, Password);", ""),
        ("new Late(\"a\", \"sesame\", 9)", "Late { Name = a, Hour = 9 }"),
        ("record Text(string Name) { public sealed override string ToString() => Name; }", ""),
        ("new Text(\"own\")", "own"),
        ("record Base(string A) { public virtual int V => 1; public char Field = 'f'; public static int S = 1; private int _hidden = 2; }", ""),
        ("record Derived(string A, string B) : Base(A) { public override int V => 2; }", ""),
        ("new Derived(\"a\", \"b\")", "Derived { A = \"a\", V = 2, Field = 'f', B = \"b\" }"),
        ("record struct Point(int X) { public string Name = \"p\"; }", ""),
        ("new Point(1)", "Point { X = 1, Name = \"p\" }"),
        ("record Inner(string A) { internal string Password => \"sesame\"; public int Last = 1; public int Before => 2; public int this[int n] => n; }", ""),
        ("new Inner(\"a\")", "Inner { A = \"a\", Last = 1, Before = 2 }"),
        ("record Empty;", ""),
        ("new Empty()", "Empty { }"),
        ("record Spanned(string A) { public ReadOnlySpan<char> Start => A.AsSpan(0, 1); }", ""),
        ("new Spanned(\"abc\")", "Spanned { A = abc, Start = a }"));

    [Fact]
    public void A_part_of_a_record_that_can_not_be_had_tells_its_own_error()
    {
        using TestProcess run = Run("record Broken(int A) { public int Part => throw new NotSupportedException(\"no part\"); }\nnew Broken(1)\n");
        Assert.Equal((0, ""), (run.ExitCode, run.Stdout));
        Assert.Contains(">>> System.NotSupportedException: no part\n   at Broken.get_Part() in <input 1>:line 1\n", run.Stderr);
        Assert.DoesNotContain("TargetInvocation", run.Stderr);
    }

    [Fact]
    public void A_pair_is_shown_as_an_entry_of_a_dictionary() => AssertAnswers(
        ("new KeyValuePair<string, char>(\"a\", 'c')", "[\"a\"] = 'c'"),
        ("new Dictionary<string, int[]> { [\"a\"] = [1] }.ToList()", "[[\"a\"] = [1]]"),
        ("new System.Collections.DictionaryEntry(\"k\", null)", "[\"k\"] = null"),
        ("new System.Collections.Concurrent.ConcurrentDictionary<string, string> { [\"a\"] = \"b\" }", "{[\"a\"] = \"b\"}"),
        ("new System.Collections.Generic.SortedList<string, string> { [\"a\"] = \"b\" }.AsReadOnly()", "{[\"a\"] = \"b\"}"));

    [Fact]
    public void Types_are_shown_by_names_that_CSharp_has() => AssertAnswers(
        ("async Task<int> Later() { await Task.Yield(); return 1; }", ""),
        ("async Task Ended() { await Task.Yield(); }", ""),
        ("Later()", "Task<int>"),
        ("Ended()", "Task"),
        ("Task.Delay(1)", "Task"),
        ("Task.CompletedTask", "Task"),
        ("IEnumerable<int> Sequence() { yield return 1; }", ""),
        ("Sequence()", "[1]"),
        ("Sequence().GetType()", "typeof(IEnumerable<int>)"),
        ("IEnumerator<string> Iterator() { yield return \"\"; }", ""),
        ("Iterator()", "IEnumerator<string>"),
        ("async IAsyncEnumerable<int> Stream() { yield return 1; await Task.Yield(); }", ""),
        ("Stream()", "IAsyncEnumerable<int>"),
        ("class Outer { public class Of<T> { public class In<U> { } public class Plain { } } }", ""),
        ("Task.FromResult(new Outer())", "Task<Outer>"),
        ("Task.FromResult(Task.FromResult(new Outer()))", "Task<Task<Outer>>"),
        ("new Outer.Of<int>.In<string>()", "Outer.Of<int>.In<string>"),
        ("typeof(Outer.Of<int?>.Plain)", "typeof(Outer.Of<int?>.Plain)"),
        ("new { A = 1, B = \"x\" }.GetType()", "typeof(<anonymous type: int A, string B>)"),
        ("Task.FromResult(new { A = 1 })", "Task<<anonymous type: int A>>"),
        ("new Dictionary<string, int>().Keys.GetType()", "typeof(Dictionary<string, int>.KeyCollection)"),
        ("typeof(Environment.SpecialFolder)", "typeof(Environment.SpecialFolder)"),
        ("typeof(int[][,])", "typeof(int[][,])"),
        ("(Func<int, string>)(n => \"\")", "Func<int, string>"));

    [Fact]
    public void What_an_input_declares_stays_and_can_be_declared_anew() => AssertAnswers(
        ("var x = 5", ""),
        ("x = 6;", ""),
        ("x", "6"),
        ("var x = \"other\";", ""),
        ("x", "\"other\""),
        ("int F() => 1", ""),
        ("string F() => \"two\"", ""),
        ("F()", "\"two\""),
        ("class C { public int A => 1; }", ""),
        ("class C { public int B => 2; }", ""),
        ("new C().B", "2"),
        ("new[] { new C() }.ToList().Count", "1"),
        ("new List<C> { new C() }.ToArray()", "[C]"),
        ("class C { }", ""),
        ("_.Length", "1"),
        ("using System.Text;", ""),
        ("new StringBuilder(\"b\").Append('c')", "bc"),
        ("int G(int n)\n{\n    return n + 1;\n}", ""),
        ("G(1)", "2"),
        ("@\"two\nlines\"", "\"two\\nlines\""),
        ("int y = 1;", ""),
        ("int y = int.Parse(\"no\");", ""),
        ("y", "1"),
        ("int z = 3;", ""),
        ("z - y", "2"),
        ("dir()", "[\"C\", \"F\", \"G\", \"x\", \"y\", \"z\"]"));

    [Fact]
    public void What_can_be_no_object_is_shown_by_what_stands_for_it()
    {
        using TestProcess run = Run("""
            int[] numbers = [1, 2, 3];
            numbers.AsSpan(1)
            _.Length
            "hello".AsSpan(1, 3)
            new Span<string>(["a", null])
            stackalloc int[] { 4, 5 }
            ref struct Told { public override string ToString() => "told"; }
            new Told()
            unsafe int* At(int place) => (int*)place;
            At(16)
            (byte*)17
            numbers.AsSpan()[0]
            ref struct Untold;
            new Untold()
            """);
        Assert.Equal("[2, 3]\n2\n\"ell\"\n[\"a\", null]\n[4, 5]\n\"told\"\n16\n17\n1\n", run.Stdout);
        Assert.EndsWith("(1,1): error CS0029: Cannot implicitly convert type 'Untold' to 'object'\n>>> \n", run.Stderr);
    }

    [Fact]
    public void The_types_of_a_file_are_those_of_the_session_too()
    {
        _folder.Write("script.cs", "file class Inner { public static int Value => 7; }\nfile record struct Pair(int First);\nConsole.WriteLine(Inner.Value);\n");
        using TestProcess run = _folder.GannetWithInput("new Pair(Inner.Value)\nvar file = 5; file\nfile enum Kind { One }\n(int)Kind.One\n", "-i", "script.cs");
        Assert.Equal("7\nPair { First = 7 }\n5\n0\n", run.Stdout);
    }

    [ForkFact]
    public void A_forked_child_tells_errors_as_its_parent_did()
    {
        using TestProcess run = Run("""
            int F() => throw new Exception("told");
            F()
            if (Os.Fork() != 0) Os.Wait();
            F()
            """);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Stderr.Split("System.Exception: told\n   at F() in <input 1>:line 1\n   at <input ").Length - 1);
        Assert.DoesNotContain("AccessViolation", run.Stderr);
    }

    [Fact]
    public void Errors_tell_the_users_own_lines_and_the_session_goes_on()
    {
        using TestProcess run = Run("""
            int F(int n)
            {
                return 1 / n;
            }
            F(0)
            nothing
            "open
            end
            class E : Exception { public override string Message => throw new Exception(); }
            throw new E();
            async Task G() { await Task.Yield(); throw new Exception("late", new Exception("cause")); }
            await G()
            Action a = () => throw new Exception("lambda");
            a()
            { Thread other = new(() => throw new Exception("elsewhere")); other.Start(); other.Join(); }
            Console.WriteLine("still here")
            """);
        Assert.Equal((0, "still here\n"), (run.ExitCode, run.Stdout));
        string[] errors = ErrorsOf(run).Replace(">>> ", "").Replace("... ", "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "System.DivideByZeroException: Attempted to divide by zero.",
                "   at F(int n) in <input 1>:line 3",
                "   at <input 2>:line 1",
                "(1,1): error CS0103: The name 'nothing' does not exist in the current context",
                "(1,1): error CS1010: Newline in constant",
            ],
            errors[..5]);
        string rest = string.Join('\n', errors[5..]);
        Assert.Contains("E: (its message can't be told)\n   at <input 6>:line 1\n", rest);
        Assert.Contains("System.Exception: late\n ---> System.Exception: cause\n   at G() in <input 7>:line 1\n   at <input 8>:line 1\n", rest);
        Assert.Contains("System.Exception: lambda\n   at lambda in <input 9>:line 1\n   at <input 10>:line 1\n", rest);
        Assert.Contains("Exception on another thread. System.Exception: elsewhere\n   at lambda in <input 11>:line 1", rest);
    }

    [Fact]
    public void What_can_have_no_end_is_told_in_a_line()
    {
        using TestProcess run = Run("void F()\n{\n    \n    \n#if NET8_0_OR_GREATER\n5\n#endif\n");
        Assert.Equal((0, "5\n"), (run.ExitCode, run.Stdout));
        string[] errors = ErrorsOf(run).Replace(">>> ", "").Replace("... ", "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("(2,2): error CS1513: } expected", errors[0]);
    }

    [Fact]
    public void What_is_declared_with_using_lives_as_long_as_the_session_and_is_disposed_in_reverse_order()
    {
        _folder.Write("part.cs", "using var loaded = new End(\"loaded\");\n");
        using TestProcess run = Run("""
            class End(string name) : IDisposable, IAsyncDisposable { public string Name => name; public void Dispose() => Console.WriteLine("end of " + name); public ValueTask DisposeAsync() { Dispose(); throw new Exception("late"); } }
            using var first = new End("first");
            using End second = new("second"), third = new("third")
            await using var fourth = new End("fourth"); fourth.Name
            using var none = (End)null;
            using var broken = new End(int.Parse("no").ToString());
            using var number = 5;
            #load "part.cs"
            { using var inner = new End("inner"); }
            { using (new End("block")) { } }
            first.Name + second.Name + loaded.Name
            AtExit.Register(() => Console.WriteLine("hook"));
            exit(3)
            """);
        Assert.Equal(
            (3, "\"fourth\"\nend of inner\nend of block\n\"firstsecondloaded\"\nend of loaded\nend of fourth\nend of third\nend of second\nend of first\nhook\n"),
            (run.ExitCode, run.Stdout));
        Assert.Contains("System.FormatException", run.Stderr);
        Assert.Contains("cannot convert from 'int' to 'System.IDisposable", run.Stderr);
        Assert.Contains("System.Exception: late", run.Stderr);
    }

    [Fact]
    public void Without_a_compiler_the_first_input_ends_the_session()
    {
        string root = BuildInstallationWithoutSdk();
        using TestProcess run = TestProcess.Run(
            Path.Combine(root, "dotnet"), [Path.Combine(Path.GetDirectoryName(ScriptFolder.Command)!, "Gannet.Tool.dll"), "-i"], "1 + 1\n2 + 2\n", _folder.Path);
        Assert.Equal((1, ""), (run.ExitCode, run.Stdout));
        Assert.Matches($">>> gannet: the .NET SDK for .NET [0-9]+ is missing in {root}; scripts can't be compiled without it.\n$", run.Stderr);
    }

    [Theory]
    [InlineData("exit()", 0, "hook\n", "")]
    [InlineData("exit(3)\n1", 3, "hook\n", "")]
    [InlineData("quit()", 0, "hook\n", "")]
    [InlineData("quit(4)\n1", 4, "hook\n", "")]
    [InlineData("quit\n1", 0, "hook\n", "")]
    [InlineData("Sys.Exit(\"bye\")", 1, "hook\n", "bye\n")]
    [InlineData("throw new SystemExitException(4)", 4, "hook\n", "")]
    public void An_exit_ends_the_session_with_hooks_and_status(string exit, int status, string output, string error)
    {
        using TestProcess run = Run("AtExit.Register(() => Console.WriteLine(\"hook\"));\n" + exit);
        Assert.Equal((status, output, error), (run.ExitCode, run.Stdout, ErrorsOf(run).Replace(">>> ", "")));
    }

    [Fact]
    [Trait("S", "S112")]
    public void Prompts_go_to_standard_error_and_their_text_is_asked_for_each_time()
    {
        using TestProcess run = Run("""
            class Counter { int n; public override string ToString() => $"[{++n}] "; }
            Sys.Ps1 = new Counter();
            Sys.Ps2 = "more ";
            int F()
            {
                return 1;
            }
            F()
            """);
        Assert.Equal(">>> >>> [1] [2] more more more [3] [4] \n", ErrorsOf(run));
        Assert.Equal("1\n", run.Stdout);
    }

    [Fact]
    public void A_script_is_run_first_and_leaves_its_variables_also_when_it_fails()
    {
        _folder.Write("script.cs", "#!/usr/bin/env gannet\nvar first = args[0];\nint Twice(int n) => 2 * n;\nthrow new Exception(\"broken\");\n");
        using TestProcess run = _folder.GannetWithInput("first\nTwice(4)\nSys.Argv[1]\nexit(5)\n", "-i", "script.cs", "word");
        Assert.Equal((5, "\"word\"\n8\n\"word\"\n"), (run.ExitCode, run.Stdout));
        Assert.StartsWith($"System.Exception: broken\n   at {_folder.Path}/script.cs:line 4\n", run.Stderr);
    }

    [Fact]
    public void References_and_files_are_found_by_path_and_by_name()
    {
        _folder.Write("part.cs", "var loaded = 42;\n");
        string library = typeof(PipedPromptTests).Assembly.Location;
        using TestProcess run = Run($"""
            1 + 1
            #load "part.cs"
            loaded + _
            Directory.CreateDirectory("sub"); File.WriteAllText("sub/inner.cs", "var inner = 7;"); Os.ChDir("sub");
            #load "inner.cs"
            inner
            Sys.Path.Add("{Path.GetDirectoryName(library)}");
            #r "Gannet.Tests.Child"
            System.Reflection.Assembly.Load("Gannet.Tests.Child").GetName().Name
            #r "no such assembly"
            """);
        Assert.Equal("2\n44\n7\n\"Gannet.Tests.Child\"\n", run.Stdout);
        Assert.Contains("error CS0006: Metadata file 'no such assembly' could not be found", run.Stderr);
    }

    [Fact]
    public void Help_tells_the_documentation_and_dir_the_members()
    {
        using TestProcess run = Run("""
            help(Os.GetPid)
            help(string.IsNullOrEmpty)
            dir("text").Contains("Length")
            dir(Os)
            _.Contains("GetPid")
            help()
            """);
        string output = run.Stdout;
        Assert.StartsWith("static int Os.GetPid()\n    os.getpid: this process's id.", output);
        Assert.Contains("static bool string.IsNullOrEmpty(string? value)\n    Indicates whether the specified string is null or an empty string", output);
        Assert.Contains("\ntrue\n[", output);
        Assert.Contains("]\ntrue\n", output);
        Assert.Contains("Ctrl-D", output);
    }

    [Fact]
    public void Help_about_a_value_is_help_about_its_type()
    {
        string[] answers = HelpOn(
            "new List<int> { 1 }\nhelp(_)",
            "class Own { public int A => 1; public class In<T> { public T B; } }\nnew Own()\nhelp(_)",
            "new Own.In<string>()\nhelp(_)",
            "object any = new Own.In<int>();\nhelp(any)",
            "any = new Dictionary<string, int>();\nhelp(any)",
            "var own = new Own();\nclass Own { public int Other => 2; }\nhelp(typeof(Own))",
            "any = own;\nhelp(any)",
            "help(\"abc\")",
            "help(\"Os.GetPid\")",
            "help(\"List\")",
            "help(1 + 1)",
            "any = 1.5;\nhelp(any)",
            "any = typeof(int);\nhelp(any)",
            "\"\".GetType()\nhelp(_)",
            "any = new int[1];\nhelp(any)",
            "any = Task.Delay(1);\nhelp(any)",
            "new { A = 1 }\nhelp(_)",
            "any = typeof(List<>).GetGenericArguments()[0];\nhelp(any)",
            "any = \"Os.GetPid\";\nhelp(any)",
            "any = \"no name\";\nhelp(any)",
            "help(Sys.Ps1)",
            "help(int)");
        Assert.Equal(
            [
                "class List<int>", "class Own", "class Own.In<string>", "class Own.In<T>", "class Dictionary<TKey, TValue>", "class Own", "class Own",
                "class string", "static int Os.GetPid()", "class List<T>", "struct int", "struct double", "struct int", "class string", "class Array", "class Task",
                "Nothing is known about <anonymous type: int A>.", "Nothing is known about T.", "static int Os.GetPid()", "class string", "static object Sys.Ps1 { get; set; }", "struct int",
            ],
            answers.Select(answer => answer.Split('\n')[0]));
        Assert.Contains("\n    Represents a strongly typed list", answers[0]);
        Assert.EndsWith("\n    A\n    In", answers[1]);
        Assert.EndsWith("\n    B", answers[2]);
        // One is the type that has the name now, the other that of a value from before.
        Assert.EndsWith("\n    Other", answers[5]);
        Assert.EndsWith("\n    A\n    In", answers[6]);
    }

    [Fact]
    public void Help_about_what_nobody_knows_tells_why()
    {
        using TestProcess run = Run("help(nothing)\nhelp(Console.WriteLine())\ndir(nothing)\n");
        Assert.Equal("", run.Stdout);
        Assert.Equal(
            [">>> (1,6): error CS0103", ">>> (1,6): error CS1503", ">>> (1,5): error CS0103", ">>> "],
            ErrorsOf(run).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(':', line.Split(':').Take(2))));
    }

    [Fact]
    public void Dir_lists_what_a_value_has_at_run_time_and_of_a_type_the_static_members_too() => AssertAnswers(
        ("class Own { public int A; public static int S; public int this[int n] => n; public event Action E; public class In<T> { } public static Own operator +(Own a, Own b) => a; internal int I; private int p; }", ""),
        ("dir(new Own())", "[\"A\", \"E\", \"Equals\", \"GetHashCode\", \"GetType\", \"I\", \"ToString\"]"),
        ("object any = new Own();", ""),
        ("dir(any)", "[\"A\", \"E\", \"Equals\", \"GetHashCode\", \"GetType\", \"I\", \"ToString\"]"),
        ("any", "Own"),
        ("dir(_)", "[\"A\", \"E\", \"Equals\", \"GetHashCode\", \"GetType\", \"I\", \"ToString\"]"),
        ("dir(Own)", "[\"A\", \"E\", \"Equals\", \"GetHashCode\", \"GetType\", \"I\", \"In\", \"ReferenceEquals\", \"S\", \"ToString\"]"),
        ("var own = _;", ""),
        ("var type = typeof(Own);", ""),
        ("dir(typeof(Own))", "[\"A\", \"E\", \"Equals\", \"GetHashCode\", \"GetType\", \"I\", \"In\", \"ReferenceEquals\", \"S\", \"ToString\"]"),
        ("dir(type).SequenceEqual(own) && dir(any.GetType()).SequenceEqual(own)", "true"),
        ("dir(IEnumerable)", "[\"GetEnumerator\"]"),
        ("any = DayOfWeek.Friday;", ""),
        ("dir(any)", "[\"CompareTo\", \"Equals\", \"GetHashCode\", \"GetType\", \"GetTypeCode\", \"HasFlag\", \"ToString\"]"),
        ("dir(new int[0]).Contains(\"Length\") && !dir(new int[0]).Contains(\"Address\") && !dir(new int[0]).Contains(\"Sort\")", "true"),
        ("dir(IDisposable)", "[\"Dispose\"]"),
        ("dir(IEnumerator<int>)", "[\"Current\", \"Dispose\", \"MoveNext\", \"Reset\"]"),
        ("record Pair(int A);", ""),
        ("dir(new Pair(1))", "[\"A\", \"Deconstruct\", \"Equals\", \"GetHashCode\", \"GetType\", \"ToString\"]"),
        ("dir((string)null)", "[]"));

    [Fact]
    public void Piped_input_without_an_option_is_a_script()
    {
        using TestProcess run = _folder.GannetWithInput("Console.WriteLine(1 + 1);\n");
        Assert.Equal((0, "2\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void Lines_that_declare_nothing_leave_nothing_behind()
    {
        string values = string.Concat(Enumerable.Range(0, 100).Select(i => $"new string('x', {i}).Length;\n".Replace(";\n", "\n")));
        using TestProcess run = Run($$"""
            int Inputs() { for (int i = 0; i < 10; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); } return System.Runtime.Loader.AssemblyLoadContext.All.Count(c => c.Name == "prompt input"); }
            {{values}}Console.WriteLine(Inputs() < 20)
            """);
        Assert.EndsWith("99\nTrue\n", run.Stdout);
    }

    [Fact]
    public void How_the_prompt_sets_its_runtime_is_not_seen_by_what_it_runs() => AssertAnswers(
        ("Environment.GetEnvironmentVariable(\"DOTNET_TieredPGO\") is null", "true"),
        ("Os.GetEnv(\"DOTNET_TieredPGO\") is null && Os.GetEnv(\"GANNET_PROMPT\") is null", "true"),
        ("Command.Of(\"env\").Capture().Output.Split('\\n').Any(line => line.StartsWith(\"DOTNET_TieredPGO\") || line.StartsWith(\"GANNET_PROMPT\"))", "false"),
        ("Environment.GetCommandLineArgs()[^1]", "\"-i\""));

    [Fact]
    public void What_the_user_says_of_the_runtime_stays()
    {
        using TestProcess run = _folder.GannetWithEnvironment(
            new() { ["DOTNET_TieredPGO"] = "1" }, "-i", "-c", "Console.WriteLine(Os.GetEnv(\"DOTNET_TieredPGO\"))");
        Assert.Equal(("1\n", 0), (run.Stdout, run.ExitCode));
    }

    // Links to the files of the one that there is. Where it lies the runtime takes from two of them.
    private string BuildInstallationWithoutSdk()
    {
        string runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        string given = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string root = Path.Combine(_folder.Path, "dotnet");
        string made = Directory.CreateDirectory(Path.Combine(root, Path.GetRelativePath(given, runtime))).FullName;
        foreach (string file in Directory.GetFiles(runtime))
        {
            string path = Path.Combine(made, Path.GetFileName(file));
            if (Path.GetFileName(file) is "libcoreclr.so" or "System.Private.CoreLib.dll")
            {
                File.Copy(file, path);
            }
            else
            {
                File.CreateSymbolicLink(path, file);
            }
        }

        Directory.CreateSymbolicLink(Path.Combine(root, "host"), Path.Combine(given, "host"));
        File.Copy(Path.Combine(given, "dotnet"), Path.Combine(root, "dotnet"));
        return root;
    }

    // An empty answer shows nothing.
    private void AssertAnswers(params (string Input, string Answer)[] session)
    {
        using TestProcess run = Run(string.Concat(session.Select(line => line.Input + "\n")));
        Assert.Equal(
            string.Concat(session.Where(line => line.Answer.Length > 0).Select(line => line.Answer + "\n")),
            run.Stdout);
        Assert.Equal(0, run.ExitCode);
    }

    // What comes of the last line of each of these.
    private string[] HelpOn(params string[] questions)
    {
        const string Mark = "Console.WriteLine('#')\n";
        using TestProcess run = Run(string.Concat(questions.Select(question => question.Insert(question.LastIndexOf('\n') + 1, Mark) + "\n" + Mark)));
        return [.. run.Stdout.Split("#\n").Where((_, place) => place % 2 == 1).Select(answer => answer.TrimEnd())];
    }

    private TestProcess Run(string input) => _folder.GannetWithInput(input, "-i");

    // Without the two lines of the banner.
    private static string ErrorsOf(TestProcess run) => string.Join('\n', run.Stderr.Split('\n').Skip(2));
}
