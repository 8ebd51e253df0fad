using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// A request in native memory: one block with the struct, what it points to, and the bytes of every text. Nothing of it lies on
/// the managed heap, because the child reads it while the collector may be moving objects.
/// </summary>
internal unsafe ref struct SpawnBlock
{
    private static ReadOnlySpan<byte> ProcsFile => "/cgroup.procs"u8;

    private readonly byte* _start;
    private byte** _nextPointer;
    private byte* _nextByte;

    private SpawnBlock(byte* start, int pointerCount, SpawnRequest request)
    {
        _start = start;
        NativeSpawnRequest* native = Native;
        *native = default;
        native->Limits = (NativeResourceLimit*)(native + 1);
        _nextPointer = (byte**)(native->Limits + request.Limits.Count);
        native->Descriptors = (DescriptorMapping*)(_nextPointer + pointerCount);
        native->Groups = (uint*)(native->Descriptors + request.Descriptors.Count);
        _nextByte = (byte*)(native->Groups + (request.Groups?.Count ?? 0));
    }

    /// <summary>The request, until <see cref="Dispose"/>.</summary>
    public readonly NativeSpawnRequest* Native => (NativeSpawnRequest*)_start;

    /// <summary>Encodes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="environment">The child's environment.</param>
    /// <exception cref="ArgumentException">A NUL in a text, or a descriptor named twice.</exception>
    public static SpawnBlock Create(SpawnRequest request, IReadOnlyList<byte[]> environment)
    {
        ReadOnlySpan<byte> search = request.Program.Contains('/', StringComparison.Ordinal) ? default : ExecPath.SearchPath(environment);
        int pathCount = search.Count((byte)':') + 1;
        int pointers = pathCount + request.Arguments.Count + environment.Count + 3;
        long size = sizeof(NativeSpawnRequest)
            + (long)request.Limits.Count * sizeof(NativeResourceLimit)
            + (long)pointers * sizeof(byte*)
            + (long)request.Descriptors.Count * sizeof(DescriptorMapping)
            + (long)(request.Groups?.Count ?? 0) * sizeof(uint)
            + TextSize(request, environment)
            + search.Length + (pathCount * (TextSize(request.Program) + "./".Length)) + TextSize(request.Program);
        SpawnBlock block = new((byte*)NativeMemory.Alloc((nuint)size), pointers, request);
        try
        {
            block.Fill(request, environment, search);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>Frees the block.</summary>
    public readonly void Dispose() => NativeMemory.Free(_start);

    // The program's own name is counted with its candidates.
    private static long TextSize(SpawnRequest request, IReadOnlyList<byte[]> environment)
    {
        long size = TextSize(request.WorkingDirectory) + (TextSize(request.ControlGroup) * 2) + ProcsFile.Length;
        for (int i = 0; i < request.Arguments.Count; i++)
        {
            size += TextSize(request.Arguments[i] ?? throw new ArgumentException("An argument is null.", nameof(request)));
        }

        for (int i = 0; i < environment.Count; i++)
        {
            size += environment[i].Length + 1;
            if (environment[i].AsSpan().Contains((byte)0))
            {
                throw new ArgumentException("The environment holds a NUL, at which the operating system would cut it off.", nameof(request));
            }
        }

        return size;
    }

    private static long TextSize(string? text) => text is null ? 0 : OsText.GetByteCount(text, "request") + 1;

    private void Fill(SpawnRequest request, IReadOnlyList<byte[]> environment, ReadOnlySpan<byte> search)
    {
        NativeSpawnRequest* native = Native;
        native->Paths = _nextPointer;
        AddCandidates(request.Program, search);
        native->Argv = _nextPointer;
        for (int i = 0; i < request.Arguments.Count; i++)
        {
            *_nextPointer++ = Add(request.Arguments[i]);
        }

        *_nextPointer++ = null;
        native->Envp = _nextPointer;
        for (int i = 0; i < environment.Count; i++)
        {
            *_nextPointer++ = Add(environment[i], []);
        }

        *_nextPointer++ = null;
        native->Directory = Add(request.WorkingDirectory);
        native->CGroup = Add(request.ControlGroup);
        if (native->CGroup is not null)
        {
            native->CGroupProcs = Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(native->CGroup), ProcsFile);
        }

        FillLists(request);
        FillNumbers(request);
    }

    // As execvp has it: an empty element of PATH is the working directory.
    private void AddCandidates(string program, ReadOnlySpan<byte> search)
    {
        byte* name = Add(program);
        if (program.Contains('/', StringComparison.Ordinal))
        {
            *_nextPointer++ = name;
            *_nextPointer++ = null;
            return;
        }

        foreach (Range element in search.Split((byte)':'))
        {
            ReadOnlySpan<byte> directory = search[element];
            *_nextPointer++ = _nextByte;
            Put(directory.IsEmpty ? "."u8 : directory);
            Put("/"u8);
            Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name), []);
        }

        *_nextPointer++ = null;
    }

    private readonly void FillLists(SpawnRequest request)
    {
        NativeSpawnRequest* native = Native;
        native->LimitCount = request.Limits.Count;
        for (int i = 0; i < native->LimitCount; i++)
        {
            native->Limits[i] = request.Limits[i];
        }

        native->GroupCount = request.Groups?.Count ?? 0;
        for (int i = 0; i < native->GroupCount; i++)
        {
            native->Groups[i] = request.Groups![i];
        }

        native->DescriptorCount = request.Descriptors.Count;
        Span<DescriptorMapping> descriptors = new(native->Descriptors, native->DescriptorCount);
        for (int i = 0; i < descriptors.Length; i++)
        {
            descriptors[i] = request.Descriptors[i];
        }

        descriptors.Sort(static (left, right) => left.Target.CompareTo(right.Target));
        SpawnChecks.CheckTargets(descriptors);
    }

    private readonly void FillNumbers(SpawnRequest request)
    {
        NativeSpawnRequest* native = Native;
        native->DefaultSignals = request.DefaultSignals;
        native->IgnoredSignals = request.IgnoredSignals;
        native->Mask = request.BlockedSignals;
        native->ProcessGroup = request.ProcessGroup ?? 0;
        native->Terminal = request.Terminal;
        native->Nice = request.Nice ?? 0;
        native->Umask = request.Umask ?? 0;
        native->Uid = request.UserId ?? 0;
        native->Gid = request.GroupId ?? 0;
        native->DeathSignal = (int)request.DeathSignal;
        native->Options = request.Fallbacks
            | (request.CloseOthers ? SpawnOptions.CloseOthers : SpawnOptions.None)
            | (request.ProcessGroup is null ? SpawnOptions.None : SpawnOptions.SetGroup)
            | (request.NewSession ? SpawnOptions.NewSession : SpawnOptions.None)
            | (request.TakesTerminal ? SpawnOptions.SetTerminal : SpawnOptions.None)
            | (request.Foreground ? SpawnOptions.SetForeground : SpawnOptions.None)
            | (request.Nice is null ? SpawnOptions.None : SpawnOptions.SetNice)
            | (request.Umask is null ? SpawnOptions.None : SpawnOptions.SetUmask)
            | (request.Groups is null ? SpawnOptions.None : SpawnOptions.SetGroups)
            | (request.GroupId is null ? SpawnOptions.None : SpawnOptions.SetGid)
            | (request.UserId is null ? SpawnOptions.None : SpawnOptions.SetUid)
            | (request.NoNewPrivileges ? SpawnOptions.NoNewPrivileges : SpawnOptions.None)
            | (request.Detached ? SpawnOptions.Detached : SpawnOptions.None);
    }

    private byte* Add(string? text)
    {
        if (text is null)
        {
            return null;
        }

        byte* start = _nextByte;
        _nextByte += OsText.Encode(text, new Span<byte>(start, text.Length * 3));
        *_nextByte++ = 0;
        return start;
    }

    private byte* Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        byte* start = _nextByte;
        Put(first);
        Put(second);
        *_nextByte++ = 0;
        return start;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(_nextByte, bytes.Length));
        _nextByte += bytes.Length;
    }
}
