namespace Gannet.Tests.Options;

/// <summary>The behaviours of the catalogue's section on options, in its order.</summary>
public class GetOptTests
{
    private static readonly string[] Example = ["-a", "-x", ".bak", "--debuglevel", "99", "file1", "file2"];

    [Fact, Trait("S", "S001")]
    public void Two_words_after_the_name_are_handed_back_and_parsed_as_options()
    {
        string[] words = ["-a", "hello"];
        Expect(GetOpt.Parse(words, "a"), [new("-a", "")], ["hello"]);
    }

    [Fact, Trait("S", "S004")]
    public void Option_parsing_is_a_type_of_its_own_and_needs_nothing_of_the_process() =>
        Expect(GetOpt.Parse([], ""), [], []);

    [Fact, Trait("S", "S015")]
    public void Clusters_words_words_with_values_and_operands_are_the_accepted_style() =>
        Expect(
            GetOpt.Parse(["-y", "-g", "--debug", "--output=process.out", "myfile.txt"], "yg", ["debug", "output="]),
            [new("-y", ""), new("-g", ""), new("--debug", ""), new("--output", "process.out")],
            ["myfile.txt"]);

    [Fact, Trait("S", "S016")]
    public void The_words_may_be_left_out()
    {
        Expect(GetOpt.Parse(["-b", "tail"], "b"), [new("-b", "")], ["tail"]);
        Expect(GetOpt.Parse(["--name=v", "tail"], "", ["name="]), [new("--name", "v")], ["tail"]);
        Expect(GetOpt.Parse([], "a", ["name="]), [], []);
    }

    [Fact, Trait("S", "S017")]
    public void The_first_argument_is_not_skipped_as_a_program_name() =>
        Expect(GetOpt.Parse(["-a", "x"], "a"), [new("-a", "")], ["x"]);

    [Fact, Trait("S", "S018")]
    public void Every_letter_of_the_string_is_recognised() =>
        Expect(GetOpt.Parse(["-a", "-b"], "ab"), [new("-a", ""), new("-b", "")], []);

    [Fact, Trait("S", "S019")]
    public void A_colon_makes_its_letter_take_a_value() =>
        Expect(GetOpt.Parse(["-x", ".bak"], "x:"), [new("-x", ".bak")], []);

    [Fact, Trait("S", "S020")]
    public void The_value_may_be_the_rest_of_the_same_argument() =>
        Expect(GetOpt.Parse(["-bfoo"], "b:"), [new("-b", "foo")], []);

    [Theory, Trait("S", "S021")]
    [InlineData("-abfoo", "z")]
    [InlineData("-ab", "foo", "z")]
    public void Flags_and_one_letter_with_a_value_may_share_an_argument(params string[] args) =>
        Expect(GetOpt.Parse(args, "ab:"), [new("-a", ""), new("-b", "foo")], ["z"]);

    [Fact, Trait("S", "S022")]
    public void Text_after_a_flag_is_read_as_more_letters() =>
        ExpectError("option -f not recognized", "f", ["-afoo"], "a");

    [Fact, Trait("S", "S023")]
    public void The_words_are_recognised() =>
        Expect(GetOpt.Parse(["--debug"], "", ["debug"]), [new("--debug", "")], []);

    [Fact, Trait("S", "S024")]
    public void A_word_behind_one_hyphen_is_letters() =>
        Expect(GetOpt.Parse(["-debug"], "d:", ["debug"]), [new("-d", "ebug")], []);

    [Fact, Trait("S", "S025")]
    public void An_equals_sign_makes_its_word_take_a_value() =>
        Expect(GetOpt.Parse(["--name", "v"], "", ["name="]), [new("--name", "v")], []);

    [Theory, Trait("S", "S026")]
    [InlineData("--name=v")]
    [InlineData("--name", "v")]
    public void The_value_of_a_word_follows_in_the_next_argument_or_behind_the_equals_sign(params string[] args) =>
        Expect(GetOpt.Parse(args, "", ["name="]), [new("--name", "v")], []);

    [Theory, Trait("S", "S027")]
    [InlineData("--name=a=b", "a=b")]
    [InlineData("--name=", "")]
    public void The_first_equals_sign_ends_the_word_and_nothing_behind_it_is_an_empty_value(string arg, string value) =>
        Expect(GetOpt.Parse([arg, "z"], "", ["name="]), [new("--name", value)], ["z"]);

    [Fact, Trait("S", "S028")]
    public void A_value_that_looks_like_an_option_is_still_a_value()
    {
        Expect(GetOpt.Parse(["-b", "-a"], "ab:"), [new("-b", "-a")], []);
        Expect(GetOpt.Parse(["-b", "--"], "ab:"), [new("-b", "--")], []);
        Expect(GetOpt.Parse(["-b", "-1"], "1b:"), [new("-b", "-1")], []);
        Expect(GetOpt.Parse(["--name", "--debug"], "", ["name=", "debug"]), [new("--name", "--debug")], []);
    }

    [Fact, Trait("S", "S029")]
    public void An_empty_argument_is_a_value() =>
        Expect(GetOpt.Parse(["-b", "", "z"], "b:"), [new("-b", "")], ["z"]);

    [Fact, Trait("S", "S030")]
    public void The_result_deconstructs_into_options_and_arguments()
    {
        (IReadOnlyList<ParsedOption> options, IReadOnlyList<string> arguments) = GetOpt.Parse(Example, "ax:", ["debuglevel="]);
        Assert.Equal(3, options.Count);
        Assert.Equal(2, arguments.Count);
    }

    [Fact, Trait("S", "S031")]
    public void An_option_keeps_its_hyphens_and_has_an_empty_value_when_it_takes_none()
    {
        (string name, string value) = Assert.Single(GetOpt.Parse(["-a"], "a").Options);
        Assert.Equal("-a", name);
        Assert.Equal("", value);
    }

    [Fact, Trait("S", "S032")]
    public void Options_come_in_the_order_seen_and_repeated_ones_are_kept() =>
        Expect(
            GetOpt.Parse(["-a", "-b", "1", "-a", "-b", "2"], "ab:"),
            [new("-a", ""), new("-b", "1"), new("-a", ""), new("-b", "2")],
            []);

    [Fact, Trait("S", "S033")]
    public void The_second_list_is_what_is_left() =>
        Expect(GetOpt.Parse(["-a", "file1", "file2"], "a"), [new("-a", "")], ["file1", "file2"]);

    [Fact, Trait("S", "S034")]
    public void The_classic_example_comes_out_as_recorded() =>
        Expect(
            GetOpt.Parse(Example, "ax:", ["debuglevel="]),
            [new("-a", ""), new("-x", ".bak"), new("--debuglevel", "99")],
            ["file1", "file2"]);

    [Fact, Trait("S", "S035")]
    public void The_first_operand_ends_the_options() =>
        Expect(GetOpt.Parse(["-a", "x", "-a"], "a"), [new("-a", "")], ["x", "-a"]);

    [Fact, Trait("S", "S036")]
    public void Two_hyphens_end_the_options_and_are_dropped() =>
        Expect(GetOpt.Parse(["-a", "--", "-a", "--", "x"], "a"), [new("-a", "")], ["-a", "--", "x"]);

    [Fact, Trait("S", "S037")]
    public void A_single_hyphen_is_an_operand() =>
        Expect(GetOpt.Parse(["-a", "-", "-a"], "a"), [new("-a", "")], ["-", "-a"]);

    [Theory, Trait("S", "S038")]
    [InlineData("--deb", "--debug", "")]
    [InlineData("--out=x", "--output", "x")]
    public void The_beginning_of_a_word_is_enough_and_reported_in_full(string arg, string name, string value) =>
        Expect(GetOpt.Parse([arg], "", ["debug", "output="]), [new(name, value)], []);

    [Fact, Trait("S", "S039")]
    public void A_word_in_full_wins_over_a_longer_one() =>
        Expect(GetOpt.Parse(["--de", "--debug"], "", ["debug", "de"]), [new("--de", ""), new("--debug", "")], []);

    [Fact, Trait("S", "S039")]
    public void The_beginning_of_two_words_is_an_error() =>
        ExpectError("option --de not a unique prefix", "de", ["--de"], "", ["debug", "delay"]);

    [Fact, Trait("S", "S040")]
    public void One_word_needs_no_list() =>
        Expect(GetOpt.Parse(["--name=v"], "", "name="), [new("--name", "v")], []);

    [Fact, Trait("S", "S041")]
    public void A_word_is_an_error_where_none_is_declared() =>
        ExpectError("option --debug not recognized", "debug", ["--debug"], "d");

    [Fact, Trait("S", "S041")]
    public void Operands_alone_give_no_options() =>
        Expect(GetOpt.Parse(["f1", "f2"], "d"), [], ["f1", "f2"]);

    [Fact, Trait("S", "S041")]
    public void Letters_may_be_any_characters() =>
        Expect(GetOpt.Parse(["-é𝄞v", "-=", "-?"], "é𝄞:=?"), [new("-é", ""), new("-𝄞", "v"), new("-=", ""), new("-?", "")], []);

    [Fact, Trait("S", "S042")]
    public void The_callers_list_is_not_changed()
    {
        string[] args = ["x", "-a", "y", "--", "-b"];
        string[] before = [.. args];
        GetOpt.ParseGnu(args, "a");
        Assert.Equal(before, args);
    }

    [Fact, Trait("S", "S043")]
    public void An_unknown_letter_is_an_error() =>
        ExpectError("option -q not recognized", "q", ["-q"], "a");

    [Fact, Trait("S", "S044")]
    public void An_unknown_word_is_an_error() =>
        ExpectError("option --nope not recognized", "nope", ["--nope"], "", ["debug"]);

    [Fact, Trait("S", "S045")]
    public void A_letter_without_its_value_is_an_error() =>
        ExpectError("option -b requires argument", "b", ["-b"], "b:");

    [Theory, Trait("S", "S045")]
    [InlineData("--name")]
    [InlineData("--na")]
    public void A_word_without_its_value_is_an_error_that_names_the_full_word(string arg) =>
        ExpectError("option --name requires argument", "name", [arg], "", ["name="]);

    [Theory, Trait("S", "S046")]
    [InlineData("--debug=1")]
    [InlineData("--deb=")]
    public void A_value_for_a_word_that_takes_none_is_an_error(string arg) =>
        ExpectError("option --debug must not have an argument", "debug", [arg], "", ["debug"]);

    [Theory, Trait("S", "S047")]
    [InlineData("-q", "q", GetOptErrorKind.NotRecognized)]
    [InlineData("--nope=1", "nope", GetOptErrorKind.NotRecognized)]
    [InlineData("--n", "n", GetOptErrorKind.Ambiguous)]
    [InlineData("-n", "n", GetOptErrorKind.MissingValue)]
    [InlineData("--nam", "name", GetOptErrorKind.MissingValue)]
    [InlineData("--next=1", "next", GetOptErrorKind.UnexpectedValue)]
    public void An_error_carries_the_bare_name_and_its_kind(string arg, string option, GetOptErrorKind kind)
    {
        GetOptException error = Assert.Throws<GetOptException>(() => GetOpt.Parse([arg], "n:", ["name=", "next"]));
        Assert.Equal(option, error.Option);
        Assert.Equal(kind, error.Kind);
    }

    [Theory, Trait("S", "S048")]
    [InlineData("a:")]
    [InlineData("a::")]
    [InlineData(":a")]
    public void A_colon_is_never_an_option(string letters) =>
        ExpectError("option -: not recognized", ":", ["-:"], letters);

    [Fact, Trait("S", "S049")]
    public void The_GNU_form_reads_options_behind_operands() =>
        Expect(GetOpt.ParseGnu(["x", "-a", "y"], "a"), [new("-a", "")], ["x", "y"]);

    [Fact, Trait("S", "S049")]
    public void The_GNU_form_takes_a_value_from_the_argument_behind_the_option_and_stops_at_two_hyphens() =>
        Expect(
            GetOpt.ParseGnu(["x", "-b", "y", "-", "--name", "z", "--", "-b", "--"], "b:", ["name="]),
            [new("-b", "y"), new("--name", "z")],
            ["x", "-", "-b", "--"]);

    [Fact, Trait("S", "S049")]
    public void A_plus_in_front_makes_the_GNU_form_stop_at_the_first_operand() =>
        Expect(GetOpt.ParseGnu(["-a", "x", "-a"], "+a"), [new("-a", "")], ["x", "-a"]);

    private static void Expect(GetOptResult result, ParsedOption[] options, string[] arguments)
    {
        Assert.Equal(options, result.Options);
        Assert.Equal(arguments, result.Arguments);
    }

    private static void ExpectError(string message, string option, string[] args, string letters, params string[] words)
    {
        GetOptException error = Assert.Throws<GetOptException>(() => GetOpt.Parse(args, letters, words));
        Assert.Equal(message, error.Message);
        Assert.Equal(option, error.Option);
    }
}
