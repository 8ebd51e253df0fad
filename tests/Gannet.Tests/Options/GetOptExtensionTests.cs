namespace Gannet.Tests.Options;

/// <summary>What GetOpt does beyond CPython 3.13: the rules of CPython 3.14 and glibc, and the house's own.</summary>
public class GetOptExtensionTests
{
    [Theory]
    [InlineData("-aval", "val")]
    [InlineData("-a", "")]
    [InlineData("--name=val", "val")]
    [InlineData("--name=", "")]
    [InlineData("--na", "")]
    public void An_optional_value_counts_only_when_attached(string arg, string value)
    {
        var (options, arguments) = GetOpt.Parse([arg, "next"], "a::", ["name=?"]);
        Assert.Equal(value, Assert.Single(options).Value);
        Assert.Equal(["next"], arguments);
    }

    [Fact]
    public void A_minus_in_front_reports_operands_in_their_place_except_the_last_run()
    {
        var (options, arguments) = GetOpt.ParseGnu(["a1", "-x", "a2", "a3", "a4", "--long", "a5", "a6"], "-x:", ["long="]);
        Assert.Equal([new("", "a1"), new("-x", "a2"), new("", "a3"), new("", "a4"), new("--long", "a5")], options);
        Assert.Equal(["a6"], arguments);
    }

    [Fact]
    public void A_run_of_operands_that_two_hyphens_end_is_left_over_too()
    {
        var (options, arguments) = GetOpt.ParseGnu(["-x", "a", "--", "-x"], "-x");
        Assert.Equal([new("-x", "")], options);
        Assert.Equal(["a", "-x"], arguments);
    }

    [Theory]
    [InlineData("+ab")]
    [InlineData(":ab")]
    [InlineData("+:ab")]
    [InlineData("-:ab")]
    public void Prefixes_are_no_letters(string letters)
    {
        Assert.Equal([new("-a", ""), new("-b", "")], GetOpt.Parse(["-ab"], letters).Options);
        Assert.Throws<GetOptException>(() => GetOpt.Parse(["-+"], letters));
        Assert.Throws<GetOptException>(() => GetOpt.Parse(["-a-"], letters));
    }

    [Fact]
    public void The_settings_ask_for_the_GNU_form_too() =>
        Assert.Equal(["x", "y"], GetOpt.Parse(["x", "-a", "y"], GetOptSettings.Permute, "a").Arguments);

    [Fact]
    public void Abbreviations_can_be_forbidden()
    {
        Assert.Equal([new("--debug", "")], GetOpt.Parse(["--debug"], GetOptSettings.NoAbbreviations, "", "debug").Options);
        GetOptException error = Assert.Throws<GetOptException>(
            () => GetOpt.Parse(["--deb"], GetOptSettings.NoAbbreviations, "", "debug", "debit"));
        Assert.Equal("option --deb not recognized", error.Message);
    }

    [Fact]
    public void A_byte_that_is_no_UTF8_is_a_letter_of_its_own_and_never_half_of_another()
    {
        Assert.Equal([new("-\udce9", "")], GetOpt.Parse(["-\udce9"], "\udce9").Options);
        const string pair = "\ud800\udce9";
        Assert.Throws<GetOptException>(() => GetOpt.Parse(["-\udce9"], pair));
        Assert.Equal([new("-\udce9", "")], GetOpt.Parse(["-\udce9"], pair + "a\udce9").Options);
        Assert.Equal([new("-" + pair, "v")], GetOpt.Parse(["-" + pair, "v"], pair + ":").Options);
    }

    [Theory]
    [InlineData("a\0")]
    [InlineData("aa")]
    [InlineData("a:a")]
    [InlineData("::a")]
    [InlineData("a:::")]
    [InlineData("\ud834\udd1e\ud834\udd1e")]
    public void Letters_that_cannot_mean_anything_are_refused(string letters) =>
        Assert.Throws<ArgumentException>(nameof(letters), () => GetOpt.Parse(["-a"], letters));

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("=?")]
    [InlineData("na=me")]
    [InlineData("name==")]
    [InlineData("name=??")]
    [InlineData("na\0me")]
    [InlineData("--name")]
    [InlineData("name", "name")]
    [InlineData("name", "other", "name=")]
    [InlineData("name=?", "name=")]
    public void Words_that_cannot_mean_anything_are_refused(params string[] words) =>
        Assert.Throws<ArgumentException>(nameof(words), () => GetOpt.Parse(["--nonsense"], "", words));

    [Theory]
    [InlineData("name=", "names", "nam")]
    [InlineData("what?", "a b", "ü")]
    public void Words_that_begin_another_or_are_odd_are_accepted(params string[] words) =>
        Assert.Empty(GetOpt.Parse([], "", words).Options);

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>("args", () => GetOpt.Parse((string[])null!, "a"));
        Assert.Throws<ArgumentNullException>("args", () => GetOpt.ParseGnu((List<string>)null!, "a"));
        Assert.Throws<ArgumentNullException>("args", () => GetOpt.Enumerate((string[])null!, "a").Arguments.Length);
        Assert.Throws<ArgumentNullException>("letters", () => GetOpt.Parse([], null!));
        Assert.Throws<ArgumentException>("args", () => GetOpt.Parse(["-a", null!], "a"));
        Assert.Throws<ArgumentException>("words", () => GetOpt.Parse([], "a", "name", null!));
        Assert.Throws<ArgumentOutOfRangeException>("settings", () => GetOpt.Parse([], (GetOptSettings)4, "a"));
    }

    [Fact]
    public void Every_kind_of_list_is_taken()
    {
        string[] args = ["prog", "-a", "x"];
        ParsedOption[] expected = [new("-a", "")];
        Assert.Equal(expected, GetOpt.Parse(args[1..], "a").Options);
        Assert.Equal(expected, GetOpt.Parse(args.AsSpan(1), "a").Options);
        Assert.Equal(expected, GetOpt.ParseGnu(args.AsSpan(1), "a").Options);
        Assert.Equal(expected, GetOpt.Parse(args.Skip(1), "a").Options);
        Assert.Equal(expected, GetOpt.Parse(new List<string> { "-a" }, "a", (string[])["word"]).Options);
        Assert.Equal(expected, GetOpt.Parse((IList<string>)["-a"], "a").Options);
        Assert.Equal(expected, GetOpt.Parse(args.AsSpan(1), GetOptSettings.None, "a", ["word"]).Options);
    }

    [Fact]
    public void A_program_reports_its_own_findings_in_the_same_way()
    {
        GetOptException error = new("option --level wants a number", "level");
        Assert.Equal("level", error.Option);
        Assert.Equal(GetOptErrorKind.Other, error.Kind);
    }
}
