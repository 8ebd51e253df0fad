namespace Gannet.Interop;

/// <summary><c>GANNET_SPAWN_…</c>: which parts of a request count.</summary>
[Flags]
internal enum SpawnOptions
{
    None = 0,
    CloseOthers = 0x1,
    SetGroup = 0x2,
    NewSession = 0x4,
    SetTerminal = 0x8,
    SetForeground = 0x10,
    SetNice = 0x20,
    SetUmask = 0x40,
    SetGroups = 0x80,
    SetGid = 0x100,
    SetUid = 0x200,
    NoNewPrivileges = 0x400,
    Detached = 0x800,

    // Do as an older kernel would.
    WithoutClone3 = 0x10000,
    WithoutClonePidFd = 0x20000,
    WithoutPidFdOpen = 0x40000,
    WithoutCloseRange = 0x80000,
    WithoutProc = 0x100000,
}
