using System.Buffers.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Spawns that change ids. A change of ids clears the dumpable flag of the memory, which the child shares with this process until
/// it has its program: nobody but root may look into it meanwhile. The flag is this process's too, and is put back afterwards.
/// </summary>
internal static unsafe class IdChange
{
    private const int StatSize = 512;
    private const int FlagsField = 6;
    private const uint PF_FORKNOEXEC = 0x40;

    // A room's: the child of a fork has a copy of the flag, which must be as it is to stay.
    private static readonly LivingLock s_lock = AtFork.NewRoomLock();

    /// <summary>Calls the shim. One at a time: the flag that is put back after one child would open another one, and this process
    /// through it, to the other user.</summary>
    public static void Spawn(NativeSpawnRequest* native)
    {
        using (s_lock.Enter())
        {
            int before = Libc.Dumpable;
            Shim.Spawn(native);
            // 2 is the system's to set.
            if (before is 0 or 1 && Libc.Dumpable != before)
            {
                AwaitProgram(native);
                Libc.Dumpable = before;
            }
        }
    }

    // execve lets this thread go on a moment before it gives the child memory of its own.
    private static void AwaitProgram(NativeSpawnRequest* native)
    {
        SpinWait spin = default;
        while (native->Step is SpawnStep.Done && SharesMemory(native->Pid))
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Whether a child is still before its program; it can't vanish, because nobody has waited for it. Without /proc there
    /// is no telling.</summary>
    private static bool SharesMemory(int pid)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        try
        {
            using SafeFileHandle file = Libc.Open($"/proc/{pid}/stat", Libc.O_RDONLY);
            stat = stat[..Libc.Read((int)file.DangerousGetHandle(), stat)];
        }
        catch (OsException)
        {
            return false;
        }

        // The name of the program, in brackets, may hold anything.
        ReadOnlySpan<byte> fields = stat[(stat.LastIndexOf((byte)')') + 2)..];
        return fields[0] is not ((byte)'Z' or (byte)'X') && (Flags(fields) & PF_FORKNOEXEC) != 0;
    }

    private static uint Flags(ReadOnlySpan<byte> fields)
    {
        for (int i = 0; i < FlagsField; i++)
        {
            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(fields, out uint flags, out _) ? flags : 0;
    }
}
