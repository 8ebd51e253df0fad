using System.Runtime.Versioning;

namespace Gannet;

/// <content>The spawn family: a program is started, in a process of its own.</content>
public static partial class Os
{
    /// <summary>
    /// <c>os.spawnl</c>: <see cref="Spawnv"/> with the arguments listed one by one.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnv"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnv"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnl(SpawnMode mode, string path, params IReadOnlyList<string> arguments) =>
        SpawnFamily.Run("spawnl", mode, path, arguments, environment: null);

    /// <summary>
    /// <c>os.spawnle</c>: <see cref="Spawnve"/> with the arguments listed one by one, behind the environment. In Python the environment is
    /// the last argument.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="environment">Its environment, names to values, wholly.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnve"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnve"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnle(
        SpawnMode mode, string path, IEnumerable<KeyValuePair<string, string>> environment, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return SpawnFamily.Run("spawnle", mode, path, arguments, environment);
    }

    /// <summary>
    /// <c>os.spawnlp</c>: <see cref="Spawnvp"/> with the arguments listed one by one.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="file">The program's name, searched for in PATH unless there is a slash in it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnvp"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnvp"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnlp(SpawnMode mode, string file, params IReadOnlyList<string> arguments) =>
        SpawnFamily.Search("spawnlp", mode, file, arguments, environment: null);

    /// <summary>
    /// <c>os.spawnlpe</c>: <see cref="Spawnvpe"/> with the arguments listed one by one, behind the environment. In Python the environment
    /// is the last argument.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="file">The program's name, searched for in the PATH of <paramref name="environment"/> unless there is a slash in it.</param>
    /// <param name="environment">Its environment, names to values, wholly.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnvpe"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnvpe"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnlpe(
        SpawnMode mode, string file, IEnumerable<KeyValuePair<string, string>> environment, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return SpawnFamily.Search("spawnlpe", mode, file, arguments, environment);
    }

    /// <summary>
    /// <c>os.spawnv</c>: starts the program at <paramref name="path"/> in a process of its own, with the live environment.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>With <see cref="SpawnMode.Wait"/> the exit status, or the signal that ended it as a negative number; otherwise the number of
    /// the process.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such mode; Python takes an unknown number for <c>P_WAIT</c>.</exception>
    /// <exception cref="ArgumentNullException">The path, the arguments or one of them is null.</exception>
    /// <exception cref="ArgumentException">An empty path, no arguments, or a NUL character in one of them or in the path.</exception>
    /// <exception cref="OsException">It could not be started, and no process is left. ENOENT: no such file, or its interpreter is missing;
    /// EACCES: not executable, or a directory; ENOEXEC: not a program, and a script only with <c>#!</c>; E2BIG: arguments and environment
    /// are too large; EAGAIN, ENOMEM: no process or memory is left. Python tells that as exit 127.</exception>
    /// <remarks>
    /// <para>What it inherits is what a <see cref="Command"/> leaves to its child: descriptors 0, 1 and 2 and no other; signals that this
    /// program handles, and SIGPIPE, at their default; none blocked. What <see cref="Sys.Stdout"/> and <see cref="Sys.Stderr"/> still
    /// hold is written first.</para>
    /// <para>A detached process is the child of one that has ended at once; so the first process of the system, or whoever adopts
    /// orphans, reaps it. A program that is that itself has it reaped in the background.</para>
    /// <para>There are eight forms, as of exec: <c>l</c> or <c>v</c> for arguments one by one or as a list; <c>p</c>: looked for in PATH; <c>e</c>:
    /// with an environment. The book's <c>spawnvw</c> is a misprint of <c>spawnve</c>. Source: CPython's <c>os.spawnv</c>, Microsoft's
    /// <c>_spawnv</c>, execve(2).</para>
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static int Spawnv(SpawnMode mode, string path, IReadOnlyList<string> arguments) =>
        SpawnFamily.Run("spawnv", mode, path, arguments, environment: null);

    /// <summary>
    /// <c>os.spawnve</c>: as <see cref="Spawnv"/>, with an environment that replaces the live one wholly.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <param name="environment">Its environment, names to values, wholly.</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnv"/>; or a variable's name is empty or holds <c>=</c>, it has no value, or there is a
    /// NUL in it.</exception>
    /// <exception cref="OsException">As <see cref="Spawnv"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnve(
        SpawnMode mode, string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return SpawnFamily.Run("spawnve", mode, path, arguments, environment);
    }

    /// <summary>
    /// <c>os.spawnvp</c>: as <see cref="Spawnv"/>, with a program that is searched for along PATH, as <see cref="Execvp"/> does.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="file">The program's name, searched for in PATH unless there is a slash in it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnv"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnv"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnvp(SpawnMode mode, string file, IReadOnlyList<string> arguments) =>
        SpawnFamily.Search("spawnvp", mode, file, arguments, environment: null);

    /// <summary>
    /// <c>os.spawnvpe</c>: as <see cref="Spawnvp"/>, with an environment that replaces the live one wholly. Its PATH is the one that is
    /// searched.
    /// </summary>
    /// <param name="mode">Whether to wait for its end, and what it is to have to do with this program.</param>
    /// <param name="file">The program's name, searched for in the PATH of <paramref name="environment"/> unless there is a slash in it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <param name="environment">Its environment, names to values, wholly.</param>
    /// <returns>As <see cref="Spawnv"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Spawnve"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawnve"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static int Spawnvpe(
        SpawnMode mode, string file, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return SpawnFamily.Search("spawnvpe", mode, file, arguments, environment);
    }
}
