namespace Gannet.Interop;

/// <summary><c>enum gannet_spawn_step</c>: where a spawn failed.</summary>
internal enum SpawnStep
{
    Done = 0,
    Stack = 1,
    Clone = 2,
    Signal = 3,
    Lift = 4,
    Dup = 5,
    Group = 6,
    Session = 7,
    Terminal = 8,
    Foreground = 9,
    CGroup = 10,
    Limit = 11,
    Nice = 12,
    Groups = 13,
    Gid = 14,
    Uid = 15,
    NoNewPrivileges = 16,
    DeathSignal = 17,
    Directory = 18,
    Exec = 19,
}
