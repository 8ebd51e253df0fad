using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct gannet_spawn_request</c>; native/shim.h tells what each field means.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSpawnRequest
{
    public byte** Paths;
    public byte** Argv;
    public byte** Envp;
    public byte* Directory;
    public byte* CGroup;
    public byte* CGroupProcs;
    public DescriptorMapping* Descriptors;
    public NativeResourceLimit* Limits;
    public uint* Groups;
    public ulong DefaultSignals;
    public ulong IgnoredSignals;
    public ulong Mask;
    public int DescriptorCount;
    public int LimitCount;
    public int GroupCount;
    public SpawnOptions Options;
    public int ProcessGroup;
    public int Terminal;
    public int Nice;
    public uint Umask;
    public uint Uid;
    public uint Gid;
    public int DeathSignal;
    public int Pid;
    public int PidFd;
    public SpawnStep Step;
    public Errno Error;
    public int Index;
}
