using System.Diagnostics;
using System.Globalization;

namespace Gannet.Benchmarks;

/// <summary>The same round trip in C, compiled here, and in CPython: programs that print their times, in nanoseconds.</summary>
internal static class SignalPeers
{
    // A handler that notes the signal and wakes a thread; that thread tells the time.
    private const string CSource = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <linux/futex.h>
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <time.h>
        #include <unistd.h>

        static unsigned arrivals, handled;
        static volatile int noted;
        static long long received;

        static long long now(void)
        {
            struct timespec t;
            clock_gettime(CLOCK_MONOTONIC, &t);
            return t.tv_sec * 1000000000ll + t.tv_nsec;
        }

        static void on_signal(int signal, siginfo_t *info, void *context)
        {
            int error = errno;
            noted = info->si_pid;
            __atomic_add_fetch(&arrivals, 1, __ATOMIC_SEQ_CST);
            syscall(SYS_futex, &arrivals, FUTEX_WAKE_PRIVATE, 1);
            errno = error;
        }

        static void *dispatch(void *unused)
        {
            for (unsigned seen = 0;;)
            {
                unsigned current = __atomic_load_n(&arrivals, __ATOMIC_SEQ_CST);
                if (current == seen)
                {
                    syscall(SYS_futex, &arrivals, FUTEX_WAIT_PRIVATE, seen, 0);
                    continue;
                }
                seen = current;
                received = now();
                __atomic_store_n(&handled, seen, __ATOMIC_RELEASE);
            }
            return unused;
        }

        int main(int argc, char **argv)
        {
            struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };
            pthread_t thread;
            sigset_t blocked;
            sigfillset(&action.sa_mask);
            sigaction(SIGUSR1, &action, 0);
            sigemptyset(&blocked);
            pthread_create(&thread, 0, dispatch, 0);
            for (unsigned i = 1; i <= (unsigned)atoi(argv[1]); i++)
            {
                for (long long start = now(); now() - start < 50000;) { }
                long long sent = now();
                kill(getpid(), SIGUSR1);
                while (__atomic_load_n(&handled, __ATOMIC_ACQUIRE) != i) { }
                printf("%lld\n", received - sent);
            }
            return argc - 2;
        }
        """;

    private const string PythonSource = """
        import os, signal, sys, time
        times = []
        def handler(number, frame):
            times.append(time.monotonic_ns() - sent)
        signal.signal(signal.SIGUSR1, handler)
        pid = os.getpid()
        for i in range(int(sys.argv[1])):
            start = time.monotonic_ns()
            while time.monotonic_ns() - start < 50000:
                pass
            sent = time.monotonic_ns()
            os.kill(pid, signal.SIGUSR1)
        print(*times, sep="\n")
        """;

    /// <summary>Compiles the program in C; null where there is no compiler.</summary>
    public static string? BuildC(string folder)
    {
        string source = Path.Combine(folder, "peer.c"), program = Path.Combine(folder, "peer");
        File.WriteAllText(source, CSource);
        try
        {
            using Process compiler = Process.Start("cc", ["-O2", "-pthread", "-o", program, source]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The times of so many signals in C.</summary>
    public static IEnumerable<double> MeasureC(string program, int count) => Measure(program, $"{count}");

    /// <summary>The times of so many signals in CPython, or none where it is missing.</summary>
    public static IEnumerable<double> MeasurePython(int count)
    {
        try
        {
            return Measure("python3", "-c", PythonSource, $"{count}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static List<double> Measure(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }
}
