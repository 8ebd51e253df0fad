namespace Gannet.Options;

/// <summary>How far a command line has been read.</summary>
internal struct ScanState
{
    /// <summary>The index of the argument to look at next.</summary>
    public int Next;

    /// <summary>Inside a cluster, the offset of the next letter in that argument; otherwise 0.</summary>
    public int LetterOffset;

    /// <summary>Where the run of operands begins that ends at <see cref="Next"/>.</summary>
    public int RunStart;

    /// <summary>Whether no option can follow any more.</summary>
    public bool Ended;

    /// <summary>Operands of runs that an option has ended, so that they are no slice of the arguments; null while there are none.</summary>
    public List<string>? SetAside;
}
