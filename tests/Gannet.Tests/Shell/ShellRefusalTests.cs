using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Shells;

/// <summary>Places where a value would not be one word, and what does not even compile.</summary>
public sealed class ShellRefusalTests
{
    private const string Value = "value";
    private static readonly string[] s_list = ["a", "b"];

    /// <summary>Scripts whose last value is refused, and what the message speaks of.</summary>
    public static TheoryData<string, Func<Command>> Refused => new()
    {
        { "quotes", () => Shell.Command($"echo '{Value}'") },
        { "quotes", () => Shell.Command($"echo \"{Value}\"") },
        { "quotes", () => Shell.Command($"echo \"a $x {Value} b\"") },
        { "quotes", () => Shell.Command($"echo it\\''s {Value}'") },
        { "quotes", () => Shell.Command($"echo {Value} '{Value}'") },
        { "quotes", () => Shell.Command($"echo \"$(echo \"{Value}\")\"") },
        { "quotes", () => Shell.Command($"echo \"a\"\"\\\"{Value}\"") },
        { "quotes", () => Shell.Command($"echo \"$(echo)\n{Value}\"") },
        { "quotes", () => Shell.Command($"echo $'{Value}'") },
        { "quotes", () => Shell.Command($"awk '{{print \"{Value}\"}}'") },
        { "different", () => Shell.Command($"echo $'it\\'s' {Value}") },
        { "here-document", () => Shell.Command($"cat <<E\n{Value}\nE\n") },
        { "here-document", () => Shell.Command($"cat <<'E'\n{Value}\nE\n") },
        { "here-document", () => Shell.Command($"cat <<-E\n\tx {Value}\n\tE\n") },
        { "here-document", () => Shell.Command($"cat <<A <<B\nA\n{Value}\nB\n") },
        { "here-document", () => Shell.Command($"cat <<E\nE \n E\n{Value}") },
        { "end mark", () => Shell.Command($"cat <<{Value}\n") },
        { "end mark", () => Shell.Command($"cat <<- E{Value}\n") },
        { "end mark", () => Shell.Command($"cat <<'E{Value}'\n") },
        { "different", () => Shell.Command($"cat <<E\na\\\nE\n{Value}") },
        { "different", () => Shell.Command($"cat <<E\n$(echo\nE\n)\nE\necho {Value}") },
        { "different", () => Shell.Command($"cat <<E 'a\nb'\nE\n{Value}") },
        { "different", () => Shell.Command($"echo $(cat <<E)\nE\n{Value}") },
        { "different", () => Shell.Command($"cat <<$x\n$x\n{Value}") },
        { "comment", () => Shell.Command($"echo # {Value}") },
        { "comment", () => Shell.Command($"#{Value}") },
        { "comment", () => Shell.Command($"echo a;#{Value}") },
        { "comment", () => Shell.Command($"(echo) # it's {Value}") },
        { "comment", () => Shell.Command($"cat < # {Value}") },
        { "` `", () => Shell.Command($"echo `cat {Value}`") },
        { "` `", () => Shell.Command($"echo \"`cat {Value}`\"") },
        { "${ }", () => Shell.Command($"echo ${{x:-{Value}}}") },
        { "${ }", () => Shell.Command($"echo ${{x:{Value}}}") },
        { "${ }", () => Shell.Command($"echo \"${{{Value}}}\"") },
        { "different", () => Shell.Command($"echo \"${{x:-'}}'}}\" {Value}") },
        { "(( ))", () => Shell.Command($"echo $((1 + {Value}))") },
        { "(( ))", () => Shell.Command($"echo \"$(( (1) + {Value} ))\"") },
        { "(( ))", () => Shell.Command($"(( x = {Value} ))") },
        { "(( ))", () => Shell.Command($"for ((i = {Value}; i < 1; i++)); do :; done") },
        { "different", () => Shell.Command($"echo $((cat) | cat) {Value}") },
        { "different", () => Shell.Command($"echo $[1] {Value}") },
        { "name[ ]", () => Shell.Command($"a[{Value}]=1") },
        { "name[ ]", () => Shell.Command($"a[ {Value} ]=1") },
        { "different", () => Shell.Command($"a=([{Value}]=1)") },
        { "different", () => Shell.Command($"a=({Value})") },
        { "[[ ]]", () => Shell.Command($"[[ {Value} -eq 1 ]]") },
        { "[[ ]]", () => Shell.Command($"if [[ 1 -eq\n{Value} ]]; then :; fi") },
        { "variable", () => Shell.Command($"RANDOM={Value}") },
        { "variable", () => Shell.Command($"export OPTIND+=1{Value}") },
        { "$ before", () => Shell.Command($"echo ${Value}") },
        { "$ before", () => Shell.Command($"echo a${Value}") },
        { "backslash", () => Shell.Command($"echo \\{Value}") },
        { "backslash", () => Shell.Command($"echo \\\\\\{Value}") },
        { "different", () => Shell.Command($"echo \"$(case x in x) echo \"{Value}\";; esac)\"") },
        { "different", () => Shell.Command($"echo $(case x in x)# \"\n echo \"{Value}\";; esac)") },
        { "different", () => Shell.Command($"echo $\\\n(echo) {Value}") },
        { "several words", () => Shell.Command($"echo a{s_list}") },
        { "several words", () => Shell.Command($"echo {s_list}a") },
        { "several words", () => Shell.Command($"echo {s_list}{Value}") },
        { "several words", () => Shell.Command($"echo {Value}{s_list}") },
        { "several words", () => Shell.Command($"x={s_list}") },
        { "several words", () => Shell.Command($"echo \"a\"{s_list}") },
        { "several words", () => Shell.Command($"echo > {s_list}") },
        { "several words", () => Shell.Command($"echo >| {s_list}") },
        { "several words", () => Shell.Command($"cat < {s_list}") },
        { "quotes", () => Shell.Command($"echo '{s_list}'") },
        { ">&", () => Shell.Command($"echo >&{Value}") },
        { ">&", () => Shell.Command($"echo >& {Value}") },
        { ">&", () => Shell.Command($"echo 1>&{Value}") },
        { ">&", () => Shell.Command($"echo >&x{Value}") },
        { ">&", () => Shell.Command($"echo >&{Value}-") },
        { ">&", () => Shell.Command($"cat <&{Value}") },
        { "different", () => Shell.Command($"echo >\\\n&{Value}") },
        { "name[ ]", () => Shell.Command($"x[$(echo {Value})]=1") },
        { "(( ))", () => Shell.Command($"echo $(( $(echo {Value}) + 1 ))") },
        { "[[ ]]", () => Shell.Command($"[[ $(echo {Value}) -eq 1 ]]") },
        { "${ }", () => Shell.Command($"echo ${{x:$(echo {Value})}}") },
        { "number", () => Shell.Command($"echo >&$(echo {Value})") },
        { "number", () => Shell.Command($"f={Value}; echo >&\"$f\"") },
        { "number", () => Shell.Command($"declare -a x={Value}") },
        { "number", () => Shell.Command($"declare x={Value}") },
        { "number", () => Shell.Command($"typeset x={Value}") },
        { "number", () => Shell.Command($"\"declare\" x={Value}") },
        { "number", () => Shell.Command($"2>log declare x={Value}") },
        { "number", () => Shell.Command($"f() {{ local x={Value}; }}") },
        { "number", () => Shell.Command($"f() {{ local -a x={Value}; }}") },
        { "number", () => Shell.Command($"readonly -a x={Value}") },
        { "number", () => Shell.Command($"export -a x={Value}") },
        { "number", () => Shell.Command($"x={Value}; declare -i y; y=$x") },
        { "number", () => Shell.Command($"for RANDOM in {Value}; do :; done") },
        { "number", () => Shell.Command($"for OPTIND in {s_list}; do :; done") },
        { "number", () => Shell.Command($"x={Value}; RANDOM=$x") },
        { "number", () => Shell.Command($"n={Value}; echo $((n + 1))") },
        { "number", () => Shell.Command($"n={Value}; echo `echo $((n + 1))`") },
        { "number", () => Shell.Command($"n={Value}; cat <<E\n$((n + 1))\nE\n") },
        { "number", () => Shell.Command($"echo $(( $1 + 1 )) {Value}") },
        { "number", () => Shell.Command($"n={Value}; echo ${{!n}}") },
        { "number", () => Shell.Command($"n={Value}; echo ${{x[n]}}") },
        { "number", () => Shell.Command($"n={Value}; echo ${{n@P}}") },
        { "number", () => Shell.Command($"n={Value}; x[n]=1") },
        { "number", () => Shell.Command($"n={Value}; [[ $n -eq 1 ]]") },
        { "number", () => Shell.Command($"n={Value}; 2>log [[ n -eq 1 ]]") },
        { "number", () => Shell.Command($"n={Value}; x=([n]=1)") },
        { "number", () => Shell.Command($"n={Value}; test -v \"$n\"") },
        { "number", () => Shell.Command($"n={Value}; [ $(echo x) -a -v \"$n\" ]") },
        { "number", () => Shell.Command($"n={Value}; let n") },
        { "number", () => Shell.Command($"n={Value}; printf -v \"$n\" x") },
        { "different", () => Shell.Command($"alias q=\"echo '\"\nq {Value}'") },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_value_that_would_be_no_word_is_refused_and_shown(string subject, Func<Command> command)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(command);
        string[] lines = error.Message.Split('\n');
        Assert.Contains(subject, lines[0], StringComparison.Ordinal);
        Assert.Equal('{', lines[^2][lines[^1].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_message_points_at_the_value_in_its_line()
    {
        string pattern = "p", file = "f";
        ArgumentException error = Assert.Throws<ArgumentException>(() => Shell.Run($"cd /\n\tgrep {pattern} '{file}' | sort {file}\nexit"));
        Assert.Equal(
            "A value stands within quotes of the script. It needs none, whatever is in it: take them away, or end them before it and begin them anew after it."
                + "\n\n    \tgrep {pattern} '{file}' | sort {file}\n    \t                ^",
            error.Message);
    }

    [Fact]
    public void Plain_strings_and_what_has_no_one_text_do_not_compile()
    {
        (string Line, string Error)[] wrong =
        [
            ("Shell.Run(\"x\");", "CS9205"),
            ("string text = $\"x {1}\"; Shell.Run(text);", "CS1503"),
            ("const string constant = \"x\"; Shell.Capture(constant);", "CS1503"),
            ("Shell.Capture($\"x\" + \"y\");", "CS1503"),
            ("Shell.Command(\"x\");", "CS9205"),
            ("Shell.RunAsync(\"x\");", "CS9205"),
            ("Shell.CaptureAsync(string.Concat(\"x\", \"y\"));", "CS1503"),
            ("ShellScript script = \"x\";", "CS0029"),
            ("Shell.Run($\"x {true}\");", "CS"),
            ("Shell.Run($\"x {new object()}\");", "CS"),
            ("Shell.Run($\"x {\"y\",5}\");", "CS"),
            ("Shell.Run($\"x {\"y\":F}\");", "CS"),
            ("Shell.Run($\"x {new[] { 1 }:D2}\");", "CS"),
        ];
        using ScriptFolder folder = new();
        string script = folder.Write("wrong.cs", string.Concat(wrong.Select(entry => $"{{ {entry.Line} }}\n")));
        using TestProcess run = folder.Gannet(script);
        Assert.NotEqual(0, run.ShellStatus);
        for (int i = 0; i < wrong.Length; i++)
        {
            Assert.Matches($@"wrong\.cs[(:]{i + 1}[,:].*{wrong[i].Error}", run.Stderr);
        }
    }
}
