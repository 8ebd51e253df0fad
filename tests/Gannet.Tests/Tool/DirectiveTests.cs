using Gannet.Tool.Scripts;

namespace Gannet.Tests.Tool;

public class DirectiveTests
{
    [Fact]
    public void Directives_stand_ahead_of_the_code_among_comments_and_blank_lines() =>
        Assert.Equal(
            [new("package", "A@1.0", 3), new("property", "B=c d", 6), new("sdk", "E", 8)],
            Directive.FindAll("""
                #!/usr/bin/env gannet
                // #:package No
                #:package A@1.0

                /* #:package No
                */ #:property  B=c d
                #nullable enable
                #:sdk E
                Console.WriteLine();
                #:package TooLate
                """));

    [Fact]
    public void A_byte_order_mark_hides_no_directive() =>
        Assert.Equal([new Directive("project", "../x", 1)], Directive.FindAll("\uFEFF#:project ../x\nvar a = 1;"));

    [Fact]
    public void Windows_line_ends_are_no_part_of_a_value() =>
        Assert.Equal([new Directive("include", "x.cs", 1)], Directive.FindAll("#:include x.cs\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("#!/usr/bin/env gannet\n")]
    [InlineData("var s = \"\"\"\n#:package X\n\"\"\";")]
    [InlineData("/* unfinished #:package X")]
    public void Elsewhere_there_are_none(string text) => Assert.Empty(Directive.FindAll(text));

    [Fact]
    public void A_directive_may_lack_its_value() => Assert.Equal([new Directive("package", "", 1)], Directive.FindAll("#:package"));
}
