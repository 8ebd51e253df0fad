using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct gannet_fork_attempt</c>; native/fork/fork.h tells what each field means.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeForkAttempt
{
    public delegate* unmanaged<int> LookAround;
    public int* Children;
    public int* Forks;
    public int ChildrenRoom;
    public int AllowsPoolWork;
    public int ChildCount;
    public int Pid;
    public ForkObstacle Obstacle;
    public Errno Error;
    public int Thread;
    public long Detail;
    public fixed byte Name[16];
}
