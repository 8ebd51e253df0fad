using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Interop;

/// <summary>Descriptors that somebody has made non-blocking.</summary>
public sealed unsafe partial class DescriptorTests : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int Size = 1 << 20;

    private readonly SafeFileHandle _read;
    private readonly SafeFileHandle _write;

    public DescriptorTests()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, pipe2(ends, NonBlocking | Libc.O_CLOEXEC));
        _read = new SafeFileHandle(ends[0], ownsHandle: true);
        _write = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }

    [Fact]
    public void Reading_waits_for_the_writer()
    {
        Thread writer = new(() =>
        {
            Thread.Sleep(100);
            Libc.WriteAll(Number(_write), "late"u8);
        });
        writer.Start();
        byte[] buffer = new byte[10];
        Assert.Equal(4, Libc.Read(Number(_read), buffer));
        writer.Join();
        Assert.Equal("late"u8.ToArray(), buffer[..4]);
    }

    [Fact]
    public void Writing_waits_for_the_reader()
    {
        // More than a pipe holds.
        byte[] sent = [.. Enumerable.Range(0, Size).Select(i => (byte)(i % 251))];
        Thread writer = new(() => Libc.WriteAll(Number(_write), sent));
        writer.Start();
        Thread.Sleep(100);
        byte[] received = new byte[Size];
        for (int count = 0; count < Size;)
        {
            count += Libc.Read(Number(_read), received.AsSpan(count));
        }

        writer.Join();
        Assert.Equal(sent, received);
    }

    [Fact]
    public void Input_is_there_once_something_is_written_or_nobody_can_write_any_more()
    {
        Assert.False(Libc.HasInput(Number(_read), timeout: 0));
        Libc.WriteAll(Number(_write), "x"u8);
        Assert.True(Libc.HasInput(Number(_read), timeout: 0));
        Libc.Read(Number(_read), new byte[1]);
        Assert.False(Libc.HasInput(Number(_read), timeout: 1));
        _write.Dispose();
        Assert.True(Libc.HasInput(Number(_read), timeout: -1));
    }

    [Fact]
    public void A_descriptor_that_is_none_is_an_error()
    {
        const int none = 888;
        Assert.Equal(Errno.EBADF, Assert.Throws<OsException>(() => Libc.Read(none, new byte[1])).Errno);
        Assert.Equal(Errno.EBADF, Assert.Throws<OsException>(() => Libc.WriteAll(none, new byte[1])).Errno);
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    [LibraryImport("libc")]
    private static partial int pipe2(int* ends, int flags);
}
