using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>The user, group and shadow databases, as the name service switch has them.</content>
internal static unsafe partial class Libc
{
    [StructLayout(LayoutKind.Sequential)]
    public struct Passwd
    {
        public byte* Name;
        public byte* Password;
        public uint UserId;
        public uint GroupId;
        public byte* Gecos;
        public byte* Directory;
        public byte* Shell;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Group
    {
        public byte* Name;
        public byte* Password;
        public uint GroupId;
        public byte** Members;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Shadow
    {
        public byte* Name;
        public byte* Password;
        public nint LastChange;
        public nint Minimum;
        public nint Maximum;
        public nint Warning;
        public nint Inactive;
        public nint Expires;
        public nuint Flags;
    }

    [LibraryImport(Library, EntryPoint = "getpwnam_r")]
    public static partial int FindUser(byte* name, Passwd* entry, byte* buffer, nuint size, Passwd** result);

    [LibraryImport(Library, EntryPoint = "getpwuid_r")]
    public static partial int FindUser(uint id, Passwd* entry, byte* buffer, nuint size, Passwd** result);

    [LibraryImport(Library, EntryPoint = "getgrnam_r")]
    public static partial int FindGroup(byte* name, Group* entry, byte* buffer, nuint size, Group** result);

    [LibraryImport(Library, EntryPoint = "getgrgid_r")]
    public static partial int FindGroup(uint id, Group* entry, byte* buffer, nuint size, Group** result);

    [LibraryImport(Library, EntryPoint = "getspnam_r")]
    public static partial int FindShadow(byte* name, Shadow* entry, byte* buffer, nuint size, Shadow** result);

    [LibraryImport(Library, EntryPoint = "setpwent")]
    public static partial void OpenUsers();

    // musl has no getpwent_r; the caller's lock does for both.
    [LibraryImport(Library, EntryPoint = "getpwent", SetLastError = true)]
    public static partial Passwd* NextUser();

    [LibraryImport(Library, EntryPoint = "endpwent")]
    public static partial void CloseUsers();

    [LibraryImport(Library, EntryPoint = "setgrent")]
    public static partial void OpenGroups();

    [LibraryImport(Library, EntryPoint = "getgrent", SetLastError = true)]
    public static partial Group* NextGroup();

    [LibraryImport(Library, EntryPoint = "endgrent")]
    public static partial void CloseGroups();

    /// <summary>The groups of a user, and one more; -1 when there are more than <paramref name="count"/>, which then says how many.</summary>
    [LibraryImport(Library, EntryPoint = "getgrouplist", SetLastError = true)]
    public static partial int GroupsOf(byte* user, uint group, uint* groups, int* count);
}
