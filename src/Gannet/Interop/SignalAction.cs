namespace Gannet.Interop;

/// <summary>What stands on a signal in the kernel.</summary>
internal enum SignalAction
{
    Default = 0,
    Ignored = 1,

    /// <summary>The shim's handler, which records.</summary>
    Recorded = 2,

    /// <summary>The one handler of the .NET libraries.</summary>
    Runtime = 3,

    /// <summary>Any other, the virtual machine's own among them.</summary>
    Foreign = 4,

    /// <summary>The one handler of the .NET libraries, which calls the shim's.</summary>
    Buried = 5,
}
