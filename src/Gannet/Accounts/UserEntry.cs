namespace Gannet;

/// <summary><c>struct passwd</c>, CPython's <c>struct_passwd</c>: a user, as the user database has it, in the order of its fields.</summary>
/// <param name="Name"><c>pw_name</c>: the login name.</param>
/// <param name="Password"><c>pw_passwd</c>: <c>x</c> where the hash is kept in the shadow file; see <see cref="Users.CheckPassword(string, string)"/>.</param>
/// <param name="Uid"><c>pw_uid</c>: the user's id.</param>
/// <param name="Gid"><c>pw_gid</c>: the id of the user's own group.</param>
/// <param name="Gecos"><c>pw_gecos</c>: the full name, often with further facts behind commas; kept whole.</param>
/// <param name="Directory"><c>pw_dir</c>: the home directory.</param>
/// <param name="Shell"><c>pw_shell</c>: the program that a login starts.</param>
public sealed record UserEntry(string Name, string Password, uint Uid, uint Gid, string Gecos, string Directory, string Shell);
