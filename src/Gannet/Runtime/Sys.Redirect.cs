using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

public static partial class Sys
{
    private const int StdinDescriptor = 0;
    private const int StdoutDescriptor = 1;
    private const int StderrDescriptor = 2;
    private const int BigEndianUtf16 = 1201;
    private const int BigEndianUtf32 = 12001;

    /// <summary>
    /// <c>dup2</c>: lets a descriptor stand for a file until the result is disposed. Unlike a replaced <see cref="Stdout"/>
    /// this reaches children, native code and the runtime's own crash text. Source: dup(2), open(2).
    /// </summary>
    /// <remarks>
    /// <para>Descriptor 0 is opened for reading, any other for writing; a file that is written is created with mode 0666
    /// less the umask, and emptied unless <paramref name="append"/>. A descriptor that was closed before is closed again at the
    /// end; one that was close-on-exec stays so.</para>
    /// <para>For 0, 1 and 2 the stream follows, and <see cref="Console"/> with it, as long as the program has not put one of its own
    /// there: that one keeps what it was. Who holds <see cref="OriginalStdout"/> itself goes on writing to the old place,
    /// because .NET's console writes to a duplicate of the descriptor. Everything is flushed before either switch.</para>
    /// <para>Redirections of one descriptor nest; dispose them in the reverse order. They concern the whole process, all its
    /// threads.</para>
    /// </remarks>
    /// <param name="fd">The descriptor, usually 0, 1 or 2; it need not be open.</param>
    /// <param name="path">The file.</param>
    /// <param name="append">Whether what the file holds is kept, and added to.</param>
    /// <returns>Restores the descriptor when it is disposed; a second time does nothing.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> holds a NUL.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="OsException">The file can't be opened, or <paramref name="fd"/> is negative or beyond RLIMIT_NOFILE
    /// (EBADF; the file is then left alone).</exception>
    [SupportedOSPlatform("linux")]
    public static IDisposable Redirect(int fd, string path, bool append = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        DescriptorRedirect.Check(fd);
        int writing = Libc.O_WRONLY | Libc.O_CREAT | (append ? Libc.O_APPEND : Libc.O_TRUNC);
        using SafeFileHandle file = Libc.Open(path, fd is StdinDescriptor ? Libc.O_RDONLY : writing);
        return new DescriptorRedirect(fd, file);
    }

    /// <summary>
    /// <c>dup2</c>: lets a descriptor stand for what another handle does, a pipe's end or a socket, until the result is disposed. As
    /// <see cref="Redirect(int, string, bool)"/>.
    /// </summary>
    /// <param name="fd">The descriptor, usually 0, 1 or 2; it need not be open.</param>
    /// <param name="target">The handle of a descriptor; it stays the caller's, who may close it at once.</param>
    /// <returns>Restores the descriptor when it is disposed; a second time does nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="OsException"><paramref name="target"/> is closed or invalid, or <paramref name="fd"/> is negative or beyond
    /// RLIMIT_NOFILE (EBADF).</exception>
    [SupportedOSPlatform("linux")]
    public static IDisposable Redirect(int fd, SafeHandle target)
    {
        ArgumentNullException.ThrowIfNull(target);
        DescriptorRedirect.Check(fd);
        if (target.IsInvalid || target.IsClosed || Libc.IsCloseOnExec((int)target.DangerousGetHandle()) is null)
        {
            throw new OsException(Errno.EBADF, "dup2");
        }

        return new DescriptorRedirect(fd, target);
    }

    /// <summary>Lets the console open its streams over the descriptors as they are, since it does so at first use.</summary>
    internal static void KeepOriginals()
    {
        _ = OriginalStdin;
        KeepOriginalOutput();
    }

    // Opening the two takes milliseconds, which the flush at the end would otherwise spend.
    private static void KeepOriginalOutput() => _ = (OriginalStdout, OriginalStderr);

    /// <summary>Puts a stream over the descriptor itself in the place of the console's, unless the program has replaced that.</summary>
    internal static IDisposable? FollowDescriptor(int fd) => fd switch
    {
        StdinDescriptor => Follow(s_stdin, OpenReader),
        StdoutDescriptor => Follow(s_stdout, () => OpenWriter(fd)),
        StderrDescriptor => Follow(s_stderr, () => OpenWriter(fd)),
        _ => null,
    };

    // A redirection within a redirection follows too: what the outer one has put there is nobody's own.
    private static StreamScope<T>? Follow<T>(StandardStream<T> stream, Func<T> open)
        where T : class
    {
        if (stream.IsReplaced)
        {
            return null;
        }

        T follower = open();
        stream.AddFollower(follower);
        return new StreamScope<T>(stream, follower);
    }

    // Synchronized, as the console's own are: every thread that reads Sys.Stdout is handed this very object.
    private static TextReader OpenReader() =>
        TextReader.Synchronized(new StreamReader(new DescriptorStream(StdinDescriptor, FileAccess.Read), Console.InputEncoding));

    private static TextWriter OpenWriter(int fd)
    {
        Encoding encoding = WithoutPreamble(Console.OutputEncoding);
        return TextWriter.Synchronized(new StreamWriter(new DescriptorStream(fd, FileAccess.Write), encoding) { AutoFlush = true });
    }

    // A byte order mark has no place at the switch: the descriptor may stand in the middle of a file. The console leaves it out too.
    private static Encoding WithoutPreamble(Encoding encoding) => encoding switch
    {
        { Preamble.IsEmpty: true } => encoding,
        UTF8Encoding => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        UnicodeEncoding => new UnicodeEncoding(encoding.CodePage is BigEndianUtf16, byteOrderMark: false),
        UTF32Encoding => new UTF32Encoding(encoding.CodePage is BigEndianUtf32, byteOrderMark: false),
        _ => encoding,
    };
}
