namespace Gannet.Interop;

/// <summary><c>enum gannet_fork_support</c>; native/fork/fork.h tells what each means.</summary>
internal enum ForkSupport
{
    Supported = 0,
    OtherPlatform = 1,
    NoRuntime = 2,
    NoContract = 3,
    NoThreadId = 4,
    SignalTaken = 5,
}
