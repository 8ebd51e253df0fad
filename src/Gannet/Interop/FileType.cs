namespace Gannet.Interop;

/// <summary>What kind of file a path leads to, with the kernel's numbers (the S_IFMT bits of a mode). Source: inode(7).</summary>
internal enum FileType
{
    /// <summary>Nothing there, or nothing that one may see.</summary>
    None = 0,

    /// <summary>A directory.</summary>
    Directory = 0x4000,

    /// <summary>A regular file.</summary>
    Regular = 0x8000,
}
