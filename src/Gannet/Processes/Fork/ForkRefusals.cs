using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>Puts into words why a process can't be forked.</summary>
internal static class ForkRefusals
{
    // As the kernel keeps it, cut off.
    private const string FileWatcher = ".NET File Watch";

    private const string StopThreads = "Let the program's threads wait for something before it forks, or fork before it starts them.";

    /// <summary>The reason for which this process can never be forked, or null.</summary>
    public static string? Describe(ForkSupport support) => support switch
    {
        ForkSupport.Supported => null,
        ForkSupport.OtherPlatform => "A process can be forked on Linux with glibc 2.34 or later on x64, and this is none of these.",
        ForkSupport.NoRuntime => "A process can be forked under CoreCLR as a library of its own (libcoreclr.so); "
            + "native AOT and single-file programs have none.",
        ForkSupport.NoContract => $"The runtime {RuntimeInformation.FrameworkDescription} does not tell where it keeps what must be looked at before a fork.",
        ForkSupport.NoThreadId => "This C library keeps the number of a thread in a place that is not known.",
        ForkSupport.SignalTaken => "Something in this process handles signal 62 (SIGRTMAX-2), by which a fork stops the other threads.",
        _ => "This process can't be forked.",
    };

    /// <summary>That no attempt will ever succeed, because of the runtime.</summary>
    public static PlatformNotSupportedException OfRuntime() => new(Describe(ForkSupport.NoContract));

    /// <summary>The reason of a process that is being debugged.</summary>
    public static ForkException OfDebugger() => new(
        ForkReason.Debugger, 0, null, "a debugger is attached, which would not know the child", "Detach it.");

    /// <summary>The reason when another thread has been forking all the time.</summary>
    public static ForkException OfTurn() => new(ForkReason.Busy, 0, null, "another thread forks", "Try again later.");

    /// <summary>The reason when another thread has been where a fork must not cut it in two.</summary>
    public static ForkException OfRoom() => new(
        ForkReason.Busy, 0, null, "another thread is in a call that a fork must not cut in two: it starts a program as another user, for instance", "Try again later.");

    /// <summary>The reason of a process that is being traced.</summary>
    public static ForkException OfTracing() => new(ForkReason.Tracing, 0, null, "a tracing session is open", "Stop the tracing.");

    /// <summary>The reason of an attempt that has failed.</summary>
    public static unsafe OsException ToException(in NativeForkAttempt attempt)
    {
        string name;
        fixed (byte* text = attempt.Name)
        {
            name = OsText.Decode(text);
        }

        string thread = $"thread {attempt.Thread} ('{name}')";
        ForkException Refuse(ForkReason reason, string description, string advice) =>
            new(reason, 0, null, description, advice);
        int id = attempt.Thread;
        ForkException RefuseFor(ForkReason reason, string description, string advice) =>
            new(reason, id, name, description, advice);
        return attempt.Obstacle switch
        {
            ForkObstacle.System => new OsException(attempt.Error, "fork"),
            ForkObstacle.ChildFailed => new OsException(attempt.Error, StepName(attempt.Detail)),
            ForkObstacle.TooManyThreads => Refuse(ForkReason.TooManyThreads, "there are too many threads", "1,024 at most can be stopped."),
            ForkObstacle.ThreadsChange => Refuse(ForkReason.ThreadsChange, "threads started or ended at every attempt", StopThreads),
            ForkObstacle.ThreadDeaf when attempt.Error is not Errno.None => RefuseFor(
                ForkReason.ThreadDeaf, $"{thread} can't be sent signal 62: {attempt.Error}", "Raise the limit of pending signals (RLIMIT_SIGPENDING)."),
            ForkObstacle.ThreadDeaf => RefuseFor(
                ForkReason.ThreadDeaf, $"{thread} does not take signal 62", "It must not block that signal, nor hang in the kernel."),
            ForkObstacle.SignalLost => Refuse(
                ForkReason.ThreadDeaf,
                "something in this process has come to handle or to ignore signal 62, by which a fork stops the other threads",
                "Leave that signal (SIGRTMAX-2) to Gannet."),
            ForkObstacle.ThreadRuns => RefuseFor(ForkReason.ThreadRuns, $"{thread} is running", StopThreads),
            ForkObstacle.ThreadManaged => RefuseFor(
                ForkReason.ThreadRuns, $"{thread} is in a call that the garbage collector would wait for", StopThreads),
            ForkObstacle.ThreadUnknown when name is FileWatcher => RefuseFor(
                ForkReason.UnknownThread, $"{thread} is that of a FileSystemWatcher", "Dispose the watcher before, and make another one after."),
            ForkObstacle.ThreadUnknown => RefuseFor(
                ForkReason.UnknownThread,
                $"{thread} is named as one of the runtime's own and is none that is known under {RuntimeInformation.FrameworkDescription}",
                "Name the program's own threads without '.NET' at the beginning."),
            ForkObstacle.ThreadForeign => RefuseFor(
                ForkReason.UnknownThread, $"{thread} was not made by the C library, or has another number there", "Make threads by pthread_create."),
            ForkObstacle.ChildrenUnknown => Refuse(
                ForkReason.UnknownChildren,
                attempt.Error is Errno.None
                    ? "there are more than 4,096 children, among which those of the class Process would have to be found"
                    : $"the kernel does not list the children (/proc/self/task/N/children: {attempt.Error}), among which those of the class Process would have to be found",
                "Start programs by Command, or fork before the first Process."),
            ForkObstacle.Collection => Refuse(ForkReason.Collection, "the garbage collector is at work", StopThreads),
            ForkObstacle.OutputBusy => Refuse(
                ForkReason.Busy, "a thread waits to write to the console", "Have its output read."),
            ForkObstacle.PoolWork => Refuse(
                ForkReason.PoolWork,
                $"the thread pool works on {attempt.Detail} items, which would go on in both processes",
                "Wait for them, or set ForkOptions.AllowPoolWork."),
            _ => OfTracing(),
        };
    }

    // What the child could not do; it is gone. The numbers are those of enum child_step.
    private static string StepName(long step) => step switch
    {
        1 => "fork (memory)",
        2 => "fork (descriptors)",
        3 => "fork (threads)",
        4 => "fork (the child was killed)",
        _ => "fork (the child was not ready in time)",
    };
}
