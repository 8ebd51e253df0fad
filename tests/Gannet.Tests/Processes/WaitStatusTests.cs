using System.Globalization;

namespace Gannet.Tests.Processes;

public class WaitStatusTests
{
    [Fact, Trait("S", "S332"), Trait("S", "S333"), Trait("S", "S334"), Trait("S", "S336"), Trait("S", "S344")]
    public void Every_recorded_status_is_told_as_the_macros_of_the_C_library_tell_it()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Processes", "Vectors", "status.tsv"));
        Assert.Equal(3073, lines.Length);
        foreach (string line in lines.Skip(1))
        {
            int[] expected = [.. line.Split('\t').Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
            WaitStatus status = new(expected[0]);
            Assert.Equal(expected[0], status.Raw);
            Assert.Equal((line, expected[1] != 0), (line, status.Exited));
            Assert.Equal((line, expected[1] != 0 ? expected[2] : null), (line, status.ExitStatus));
            Assert.Equal((line, expected[3] != 0), (line, status.Signaled));
            Assert.Equal((line, expected[3] != 0 ? (Signal)expected[4] : null), (line, status.TermSignal));
            Assert.Equal((line, expected[3] != 0 && expected[5] != 0), (line, status.CoreDumped));
            Assert.Equal((line, expected[6] != 0), (line, status.Stopped));
            Assert.Equal((line, expected[6] != 0 ? (Signal)expected[7] : null), (line, status.StopSignal));
            Assert.Equal((line, expected[8] != 0), (line, status.Continued));
        }
    }

    [Theory, Trait("S", "S338"), Trait("S", "S339"), Trait("S", "S340")]
    [InlineData(0x0000, true, false, false)]
    [InlineData(0x0100, true, false, false)]
    [InlineData(0x0300, true, false, false)]
    [InlineData(0xff00, true, false, false)]
    [InlineData(0x000f, false, true, false)]
    [InlineData(0x0086, false, true, false)]
    [InlineData(0x137f, false, false, true)]
    [InlineData(0xffff, false, false, false)]
    public void A_status_is_of_one_kind(int raw, bool exited, bool signaled, bool stopped)
    {
        WaitStatus status = new(raw);
        Assert.Equal((exited, signaled, stopped), (status.Exited, status.Signaled, status.Stopped));
    }

    [Theory, Trait("S", "S337")]
    [InlineData(0x0300, 3)]
    [InlineData(0x0009, -9)]
    [InlineData(0x0086, -6)]
    [InlineData(0x0000, 0)]
    public void One_number_tells_an_exit_from_a_signal(int raw, int code) => Assert.Equal(code, new WaitStatus(raw).ToExitCode());

    [Theory, Trait("S", "S337")]
    [InlineData(0x137f)]
    [InlineData(0xffff)]
    public void A_child_that_has_not_ended_has_no_exit_code(int raw)
    {
        Assert.Throws<InvalidOperationException>(() => new WaitStatus(raw).ToExitCode());
        Assert.Null(new WaitStatus(raw).ShellStatus);
    }

    [Theory, Trait("S", "S341"), Trait("S", "S342"), Trait("S", "S343"), Trait("S", "S345")]
    [InlineData(0x0300, "exit 3")]
    [InlineData(0xff00, "exit 255")]
    [InlineData(0x000f, "signal 15 (SIGTERM)")]
    [InlineData(0x0086, "signal 6 (SIGABRT), core dumped")]
    [InlineData(0x0025, "signal 37 (SIGRTMIN+3)")]
    [InlineData(0x0020, "signal 32")]
    [InlineData(0x137f, "stopped by signal 19 (SIGSTOP)")]
    [InlineData(0xffff, "continued")]
    public void A_status_can_be_read(int raw, string text) => Assert.Equal(text, new WaitStatus(raw).ToString());

    [Fact]
    public void A_shell_adds_128_to_a_signal()
    {
        Assert.Equal(3, new WaitStatus(0x0300).ShellStatus);
        Assert.Equal(143, new WaitStatus(0x000f).ShellStatus);
    }

    [Fact]
    public void Statuses_are_equal_when_their_numbers_are()
    {
        Assert.True(new WaitStatus(15) == new WaitStatus(15));
        Assert.True(new WaitStatus(15) != new WaitStatus(9));
        Assert.True(new WaitStatus(15).Equals((object)new WaitStatus(15)));
        Assert.Equal(new WaitStatus(15).GetHashCode(), new WaitStatus(15).GetHashCode());
    }
}
