namespace Gannet.Tests.Options;

public class GetOptReaderTests
{
    private static readonly string[] Example = ["-a", "-x", ".bak", "--debuglevel", "99", "file1", "file2"];

    [Fact]
    public void A_reader_tells_option_value_and_place()
    {
        List<string> seen = [];
        foreach (GetOptItem option in GetOpt.Enumerate(["-ab1", "--colo", "--color=", "-c", "x"], "ab:c:", "color=?"))
        {
            seen.Add($"{option.Index} {option.Name} {option.Value} {option.HasValue} {option.IsWord} {option.ToString()}");
        }

        Assert.Equal(
            [
                "0 a  False False -a",
                "0 b 1 True False -b",
                "1 color  False True --color",
                "2 color  True True --color",
                "3 c x True False -c",
            ],
            seen);
    }

    [Fact]
    public void The_operands_are_known_after_the_loop()
    {
        GetOptReader reader = GetOpt.Enumerate(Example, "ax:", "debuglevel=");
        int count = 0;
        foreach (GetOptItem option in reader)
        {
            count += option.IsOperand ? 0 : 1;
        }

        Assert.Equal(3, count);
        Assert.Equal(["file1", "file2"], reader.Arguments);
    }

    [Fact]
    public void After_a_break_the_unread_arguments_stand_behind_the_operands()
    {
        GetOptReader reader = GetOpt.Enumerate(["x", "-a", "y", "-b"], GetOptSettings.Permute, "ab");
        foreach (GetOptItem option in reader)
        {
            Assert.True(option.Is("-a"));
            break;
        }

        Assert.Equal(["x", "y", "-b"], reader.Arguments);
        foreach (GetOptItem option in reader)
        {
            Assert.True(option.Is("-b"));
        }

        Assert.Equal(["x", "y"], reader.Arguments);
    }

    [Fact]
    public void An_error_stays_where_it_is()
    {
        string[] args = ["-a", "-q", "x"];
        GetOptReader reader = GetOpt.Enumerate(args, "a");
        GetOptReader.Enumerator options = reader.GetEnumerator();
        Assert.True(options.MoveNext());
        for (int i = 0; i < 2; i++)
        {
            string message = "";
            try
            {
                options.MoveNext();
            }
            catch (GetOptException error)
            {
                message = error.Message;
            }

            Assert.Equal("option -q not recognized", message);
            Assert.Equal(["-q", "x"], reader.Arguments);
        }
    }

    [Fact]
    public void A_value_that_is_an_argument_is_that_very_string()
    {
        string value = new('v', 3);
        foreach (GetOptItem option in GetOpt.Enumerate(["-x", value], "x:"))
        {
            Assert.Same(value, option.GetValue());
        }
    }

    [Fact]
    public void An_option_is_asked_for_with_its_hyphens()
    {
        foreach (GetOptItem option in GetOpt.Enumerate(["--a"], "a", "a"))
        {
            Assert.True(option.Is("--a"));
            Assert.False(option.Is("-a"));
            Assert.False(option.Is("a"));
            Assert.False(option.Is(""));
        }

        foreach (GetOptItem operand in GetOpt.Enumerate(["o", "-a"], "-a"))
        {
            Assert.Equal(operand.IsOperand, operand.Is(""));
        }
    }

    [Theory]
    [InlineData(GetOptSettings.None)]
    [InlineData(GetOptSettings.Permute)]
    public void Reading_the_classic_example_allocates_nothing(GetOptSettings settings)
    {
        Assert.Equal(10, Read(settings));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Read(settings);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Read(GetOptSettings settings)
    {
        GetOptReader reader = GetOpt.Enumerate(Example, settings, "ax:", "debuglevel=");
        int sum = 0;
        foreach (GetOptItem option in reader)
        {
            sum += option.Name switch
            {
                "a" => 1,
                "x" => option.Value.Length,
                "debuglevel" => option.Value.Length + 1,
                _ => 100,
            };
        }

        return sum + reader.Arguments.Length;
    }
}
