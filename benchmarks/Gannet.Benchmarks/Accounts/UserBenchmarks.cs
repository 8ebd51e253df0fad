using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Gannet.Benchmarks.Accounts;

/// <summary>Every candidate looks up root and gives the id. The C call reads no texts: the caller may do with the bytes as they are.</summary>
public unsafe partial class UserBenchmarks
{
    private const int BufferSize = 1024;
    private const int IdOffset = 16;

    private readonly byte* _name = (byte*)Marshal.StringToCoTaskMemUTF8("root");
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferSize);

    [GlobalSetup]
    public void Check()
    {
        uint[] answers = [CCall(), ByName(), ById(), MonoPosix()];
        if (answers.Any(answer => answer != 0))
        {
            throw new InvalidOperationException($"The candidates disagree: {string.Join(' ', answers)}");
        }
    }

    [Benchmark(Baseline = true, Description = "getpwnam_r")]
    public uint CCall()
    {
        byte* entry = stackalloc byte[64];
        byte* found;
        return getpwnam_r(_name, entry, _buffer, BufferSize, &found) == 0 && found is not null ? *(uint*)(found + IdOffset) : uint.MaxValue;
    }

    [Benchmark(Description = "Users.Get(name)")]
    public uint ByName() => Users.Get("root").Uid;

    [Benchmark(Description = "Users.Get(uid)")]
    public uint ById() => Users.Get(0u).Uid;

    [Benchmark(Description = "Mono.Posix getpwnam")]
    public uint MonoPosix() => Mono.Unix.Native.Syscall.getpwnam("root").pw_uid;

    [LibraryImport("libc")]
    private static partial int getpwnam_r(byte* name, byte* entry, byte* buffer, nuint size, byte** found);
}
