using System.Runtime.InteropServices;
using Gannet.Testing;

namespace Gannet.Tests;

public partial class SignalTests
{
    [GlibcFact, Trait("S", "S354")]
    public void Every_signal_from_1_to_31_has_the_name_that_the_C_library_gives_it()
    {
        for (int number = 1; number <= 31; number++)
        {
            // The C library calls 29 SIGPOLL; the kernel and signal(7) have SIGIO first.
            string? name = Marshal.PtrToStringUTF8(sigabbrev_np(number)) is var abbreviation and not "POLL" ? $"SIG{abbreviation}" : "SIGIO";
            Assert.Equal((name, name), (SignalNames.Find((Signal)number), $"{(Signal)number}"));
        }
    }

    [Theory]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(37, "SIGRTMIN+3")]
    [InlineData(64, "SIGRTMIN+30")]
    [InlineData(32, null)]
    [InlineData(0, null)]
    [InlineData(65, null)]
    public void A_real_time_signal_is_named_by_its_distance_from_the_first(int number, string? name) =>
        Assert.Equal(name, SignalNames.Find((Signal)number));

    [Fact, Trait("S", "S355"), Trait("S", "S379")]
    public void The_nineteen_signals_of_POSIX_have_their_numbers() =>
        Assert.Equal(
            [6, 14, 8, 1, 4, 2, 9, 13, 3, 11, 15, 10, 12, 17, 18, 19, 20, 21, 22],
            ((Signal[])
            [
                Signal.SIGABRT, Signal.SIGALRM, Signal.SIGFPE, Signal.SIGHUP, Signal.SIGILL, Signal.SIGINT, Signal.SIGKILL, Signal.SIGPIPE, Signal.SIGQUIT,
                Signal.SIGSEGV, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGCHLD, Signal.SIGCONT, Signal.SIGSTOP, Signal.SIGTSTP,
                Signal.SIGTTIN, Signal.SIGTTOU,
            ]).Select(signal => (int)signal));

    [Fact, Trait("S", "S354")]
    public void All_signals_are_those_that_a_program_can_send_but_the_reserved_ones()
    {
        Assert.Equal(Enumerable.Range(1, 31), Signals.All.Select(signal => (int)signal).Where(number => number < 32));
        Assert.Equal([.. Enumerable.Range(35, 27), 63, 64], Signals.All.Select(signal => (int)signal).Where(number => number >= 32));
    }

    [PythonFact, Trait("S", "S354"), Trait("S", "S381")]
    public void Descriptions_and_numbers_are_those_of_Python()
    {
        string[] lines = Python.Run("import signal\nfor s in sorted(signal.valid_signals()): print(int(s), signal.strsignal(s), sep=':')")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(62, lines.Length);
        Assert.All(lines, line => Assert.Equal(line, $"{line.Split(':')[0]}:{Signals.Describe((Signal)int.Parse(line.Split(':')[0], null))}"));
    }

    [Fact, Trait("S", "S405")]
    public void A_number_out_of_range_has_no_description()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Describe(Signal.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Describe((Signal)65));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Get((Signal)9999));
        Assert.Equal("signal 32", Signals.NameOf((Signal)32));
    }

    [Fact]
    public void A_set_of_signals_holds_each_once_in_the_order_of_their_numbers()
    {
        SignalMask set = [Signal.SIGTERM, Signal.SIGHUP, (Signal)64, Signal.SIGTERM];
        Assert.Equal([Signal.SIGHUP, Signal.SIGTERM, (Signal)64], set);
        Assert.Equal((3, "{SIGHUP, SIGTERM, SIGRTMIN+30}"), (set.Count, set.ToString()));
        Assert.True(set.Contains(Signal.SIGTERM));
        Assert.False(set.Contains(Signal.SIGINT) || set.Contains(Signal.None) || set.Contains((Signal)65));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalMask.Of((Signal)65));
    }

    [LibraryImport("libc")]
    private static partial nint sigabbrev_np(int signal);
}
