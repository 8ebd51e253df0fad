namespace Gannet;

/// <summary>Whose nice value is meant, for <see cref="Os.GetPriority"/> and <see cref="Os.SetPriority"/>. Source: getpriority(2).</summary>
public enum PriorityTarget
{
    /// <summary><c>PRIO_PROCESS</c>: a process; 0 for this one.</summary>
    Process = 0,

    /// <summary><c>PRIO_PGRP</c>: every process of a group; 0 for this process's.</summary>
    ProcessGroup = 1,

    /// <summary><c>PRIO_USER</c>: every process of a user; 0 for this process's real user.</summary>
    User = 2,
}
