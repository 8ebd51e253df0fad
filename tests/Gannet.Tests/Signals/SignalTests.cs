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
            string? name = Marshal.PtrToStringUTF8(sigabbrev_np(number));
            Assert.Equal(number, (int)Enum.Parse<Signal>($"SIG{name}"));
            Assert.Equal($"SIG{(name is "POLL" ? "IO" : name)}", SignalNames.Find((Signal)number));
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

    [LibraryImport("libc")]
    private static partial nint sigabbrev_np(int signal);
}
