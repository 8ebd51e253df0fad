using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>A program that has been started.</summary>
/// <param name="Pid">Its number, which stays its own until it has been waited for.</param>
/// <param name="PidFd">Its descriptor (pidfd_open(2)), close-on-exec; null on a kernel without.</param>
internal readonly record struct SpawnedChild(int Pid, SafeFileHandle? PidFd);
