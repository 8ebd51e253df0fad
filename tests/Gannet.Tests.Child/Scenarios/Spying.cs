using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;
using StartedChild = Gannet.Child;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Another user tries to look into a process that starts children as that user.</summary>
internal static unsafe class Spying
{
    private const uint Nobody = 65534;
    private const int SecretLength = 32;

    /// <summary>Starts children of another user again and again, and has that user try to look into this process through them.</summary>
    public static int AmongSpies(string[] arguments)
    {
        byte* secret = (byte*)NativeMemory.Alloc(SecretLength);
        Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"), new Span<byte>(secret, SecretLength));
        string text = Encoding.ASCII.GetString(secret, SecretLength);
        string program = Path.Combine(AppContext.BaseDirectory, "Gannet.Tests.Child");
        Command spying = Command.Of(
                program,
                "Spying.Spy",
                $"{Environment.ProcessId}",
                ((nuint)secret).ToString(CultureInfo.InvariantCulture),
                text)
            .WithUser(Nobody, Nobody).WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe);
        using StartedChild spy = spying.Start();
        using StreamReader report = new(spy.Stdout);
        Console.WriteLine(report.ReadLine());
        Command victim = Command.Of("/bin/true").WithUser(Nobody, Nobody);
        Stopwatch clock = Stopwatch.StartNew();
        Parallel.For(0, 4, _ =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(2))
            {
                victim.Run().EnsureSuccess();
            }
        });
        spy.Stdin.Dispose();
        Console.WriteLine(report.ReadLine());
        NativeMemory.Free(secret);
        return spy.Wait().ExitStatus ?? 1;
    }

    /// <summary>Tries to read a secret of another process, at an address, from that process and from each of its children.</summary>
    public static int Spy(string[] arguments)
    {
        int parent = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        nuint address = nuint.Parse(arguments[1], CultureInfo.InvariantCulture);
        byte[] secret = Encoding.ASCII.GetBytes(arguments[2]);
        using Stream stdin = Console.OpenStandardInput();
        Task<int> end = stdin.ReadAsync(new byte[1]).AsTask();
        Console.WriteLine("spying");
        int attempts = 0, successes = 0, children = 0;
        for (int last = Environment.ProcessId; !end.IsCompleted;)
        {
            (attempts, successes) = (attempts + 1, successes + (Reads(parent, address, secret) ? 1 : 0));
            // Numbers are given in order: the next children are among the next ones.
            for (int pid = last + 1; pid < last + 200 && !end.IsCompleted; pid++)
            {
                if (IsThere(pid))
                {
                    last = pid;
                    (attempts, successes) = (attempts + 1, successes + (Reads(pid, address, secret) ? 1 : 0));
                    children += IsChildOf(parent, pid) ? 1 : 0;
                }
            }
        }

        Console.WriteLine($"attempts {attempts} children {children} successes {successes}");
        return 0;
    }

    private static bool IsThere(int pid) => ChildLibc.kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() == (int)Errno.EPERM;

    private static bool IsChildOf(int parent, int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}";
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The kernel asks the same of these as of attaching (PTRACE_MODE_ATTACH), and nobody is left stopped by them.
    private static bool Reads(int pid, nuint address, byte[] secret) =>
        ReadsByCall(pid, address, secret) || ReadsByFile(pid, address, secret);

    private static bool ReadsByCall(int pid, nuint address, byte[] secret)
    {
        byte[] found = new byte[secret.Length];
        fixed (byte* start = found)
        {
            nuint* ours = stackalloc nuint[] { (nuint)start, (nuint)found.Length };
            nuint* others = stackalloc nuint[] { address, (nuint)found.Length };
            return ChildLibc.process_vm_readv(pid, ours, 1, others, 1, 0) == found.Length && found.AsSpan().SequenceEqual(secret);
        }
    }

    private static bool ReadsByFile(int pid, nuint address, byte[] secret)
    {
        try
        {
            using SafeFileHandle file = Libc.Open($"/proc/{pid}/mem", Libc.O_RDONLY);
            byte[] found = new byte[secret.Length];
            return RandomAccess.Read(file, found, (long)address) == found.Length && found.AsSpan().SequenceEqual(secret);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
