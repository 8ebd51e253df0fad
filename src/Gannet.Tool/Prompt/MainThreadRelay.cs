using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Gannet.Threading;

namespace Gannet.Tool.Prompt;

/// <summary>Work that goes on on a fresh thread when the one that it is on can't be used any more.</summary>
internal static class MainThreadRelay
{
    /// <summary>Calls <paramref name="work"/> until it says that it is done: here at first, and then each time on a new thread, which is the
    /// main one of the program as long as it runs. This one waits for it: the kernel shows a process whose first thread has ended as dead.</summary>
    [StackTraceHidden]
    public static void Run(Func<bool> work)
    {
        OsThread lender = Threads.Current;
        bool isDone = work();
        while (!isDone)
        {
            ExceptionDispatchInfo? failure = null;
            OsThread next = new(
                [StackTraceHidden] () =>
                {
                    try
                    {
                        isDone = RunAsMain(work, lender);
                    }
                    catch (Exception error) when (!lender.IsLeftBehind)
                    {
                        failure = ExceptionDispatchInfo.Capture(error);
                    }
                },
                Threads.MainName,
                isDaemon: false);
            next.Start();
            next.Join();
            failure?.Throw();
        }
    }

    [StackTraceHidden]
    private static bool RunAsMain(Func<bool> work, OsThread lender)
    {
        Threads.MakeMain(Threads.Current);
        try
        {
            bool isDone = work();
            if (!isDone && lender.IsLeftBehind)
            {
                // A forked child, in which nobody waits for this thread.
                Run(work);
                isDone = true;
            }

            return isDone;
        }
        finally
        {
            // In such a child this thread stays the main one, and the process ends with it.
            if (!lender.IsLeftBehind)
            {
                Threads.MakeMain(lender);
            }
        }
    }
}
