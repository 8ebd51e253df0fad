using System.Text;
using Gannet.Interop;

namespace Gannet;

public static partial class Sys
{
    // What CPython ends with when it can't write out its streams.
    private const int LostOutputStatus = 120;

    // How long a reader that does not read may hold up the end by SIGINT.
    private static readonly TimeSpan s_interruptPatience = TimeSpan.FromSeconds(1);

    private static int s_lossTold;

    private static readonly StandardStream<TextReader> s_stdin = new(() => Console.In, Console.SetIn, () => Console.InputEncoding);
    private static readonly StandardStream<TextWriter> s_stdout = new(() => Console.Out, Console.SetOut, () => Console.OutputEncoding);
    private static readonly StandardStream<TextWriter> s_stderr = new(() => Console.Error, Console.SetError, () => Console.OutputEncoding);

    /// <summary>
    /// <c>sys.stdin</c>: where the program reads from. Assigning replaces it for this program and for <see cref="Console"/>,
    /// not for children: see <see cref="Redirect(int, string, bool)"/> for those. Reading back gives the object that was assigned, or the
    /// console's own when <see cref="Console.SetIn"/> was called since.
    /// </summary>
    /// <remarks>A .NET reader drops the newline from a line and gives null at the end, where a Python file keeps it and gives
    /// an empty text.</remarks>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static TextReader Stdin
    {
        get => s_stdin.Current;
        set => s_stdin.Current = value;
    }

    /// <summary>
    /// <c>sys.stdout</c>: where the program prints to; <see cref="Console"/> follows. As <see cref="Stdin"/>. What is still
    /// buffered in it is written at the end of the program.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static TextWriter Stdout
    {
        get => s_stdout.Current;
        set => Assign(s_stdout, value);
    }

    /// <summary>
    /// <c>sys.stderr</c>: where messages and the traces of <see cref="Run(Func{int})"/> go; <see cref="Console"/> follows. As
    /// <see cref="Stdout"/>. The runtime's own crash text goes to descriptor 2 whatever stands here.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    public static TextWriter Stderr
    {
        get => s_stderr.Current;
        set => Assign(s_stderr, value);
    }

    /// <summary>
    /// <c>sys.__stdin__</c>: the reader as it was at start. The same object as <see cref="Stdin"/> while nothing is replaced.
    /// "At start" means at the first use of one of the two: what was put into the console earlier, by <see cref="Console.SetIn"/>,
    /// counts as the original.
    /// </summary>
    public static TextReader OriginalStdin => s_stdin.Original;

    /// <summary><c>sys.__stdout__</c>: the writer as it was at start; assign it to <see cref="Stdout"/> to restore it. The same
    /// object as <see cref="Stdout"/> while nothing is replaced.</summary>
    /// <remarks>"At start" means when <see cref="Run(Func{int})"/> begins, in a program without it at the first use of
    /// <see cref="Stdout"/> or of this property: what was put into the console earlier, by <see cref="Console.SetOut"/>, counts as
    /// the original. Setting <see cref="Console.OutputEncoding"/> makes the console open its writer again; that new one is the
    /// original from then on.</remarks>
    public static TextWriter OriginalStdout => s_stdout.Original;

    /// <summary><c>sys.__stderr__</c>: the writer as it was at start; assign it to <see cref="Stderr"/> to restore it. As
    /// <see cref="OriginalStdout"/>.</summary>
    public static TextWriter OriginalStderr => s_stderr.Original;

    /// <summary>Replaces <see cref="Stdin"/> until the result is disposed; Python's <c>contextlib</c> has such scopes for the two
    /// outputs only.</summary>
    /// <param name="reader">What to read from meanwhile; it stays the caller's to close.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    public static IDisposable RedirectStdin(TextReader reader) => new StreamScope<TextReader>(s_stdin, reader);

    /// <summary><c>contextlib.redirect_stdout</c>: replaces <see cref="Stdout"/> until the result is disposed, which flushes
    /// <paramref name="writer"/>.</summary>
    /// <param name="writer">What to write to meanwhile; it stays the caller's to close.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static IDisposable RedirectStdout(TextWriter writer) => Replace(s_stdout, writer);

    /// <summary><c>contextlib.redirect_stderr</c>: as <see cref="RedirectStdout"/>, for <see cref="Stderr"/>.</summary>
    /// <param name="writer">What to write to meanwhile; it stays the caller's to close.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static IDisposable RedirectStderr(TextWriter writer) => Replace(s_stderr, writer);

    /// <summary>Writes out what the current writers hold back; one that is closed or broken has had its chance to say so.</summary>
    internal static void FlushOutput()
    {
        FlushQuietly(s_stdout.Synchronized);
        FlushQuietly(s_stderr.Synchronized);
    }

    /// <summary>The last flush. What can't be written is reported, and makes a failure out of a success.</summary>
    /// <param name="status">The exit status so far.</param>
    /// <returns>The exit status, 120 instead of 0 when text was lost.</returns>
    internal static int FlushAtEnd(int status)
    {
        bool wroteOutput = TryFlush(s_stdout.Synchronized, nameof(Stdout));
        bool wroteError = TryFlush(s_stderr.Synchronized, nameof(Stderr));
        return status is 0 && !(wroteOutput && wroteError) ? LostOutputStatus : status;
    }

    /// <summary>The last flush before the death by SIGINT. A full pipe that nobody reads must not prevent that: the flush would wait for
    /// it, or for the thread that has got stuck in writing to it.</summary>
    internal static void FlushAtInterrupt()
    {
        Thread flush = new(static () => FlushAtEnd(status: 0)) { IsBackground = true, Name = "Gannet flush" };
        flush.UnsafeStart();
        flush.Join(s_interruptPatience);
    }

    /// <summary>Writes to the current standard error, or straight to descriptor 2 when that does not take it.</summary>
    internal static void Tell(string text)
    {
        try
        {
            TextWriter writer = s_stderr.Synchronized;
            writer.Write(text);
            writer.Flush();
        }
        catch (Exception)
        {
            TellDescriptor(text);
        }
    }

    private static void TellDescriptor(string text)
    {
        try
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (OperatingSystem.IsLinux())
            {
                Libc.WriteAll(StderrDescriptor, bytes);
                return;
            }

            using Stream stream = Console.OpenStandardError();
            stream.Write(bytes);
        }
        catch (Exception)
        {
            // Nobody is left to be told; the status still says that something was wrong.
        }
    }

    private static bool TryFlush(TextWriter writer, string name)
    {
        try
        {
            writer.Flush();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // Closing it has flushed it, or has told the program why not.
            return true;
        }
        catch (Exception error)
        {
            // The end of Run and the end of the process both flush; one report is enough.
            if (Interlocked.Exchange(ref s_lossTold, 1) == 0)
            {
                Tell($"Exception ignored while flushing Sys.{name}: {error.GetType()}: {error.Message}\n");
            }

            return false;
        }
    }

    private static void FlushQuietly(TextWriter writer)
    {
        try
        {
            writer.Flush();
        }
        catch (Exception)
        {
            // A message or an exit must come through although a pipe is gone or a writer closed.
        }
    }

    private static StreamScope<TextWriter> Replace(StandardStream<TextWriter> stream, TextWriter writer)
    {
        StreamScope<TextWriter> scope = new(stream, writer);
        AtExit.Watch();
        return scope;
    }

    private static void Assign(StandardStream<TextWriter> stream, TextWriter writer)
    {
        stream.Current = writer;
        AtExit.Watch();
    }

    private sealed class StreamScope<T> : IDisposable
        where T : class
    {
        private readonly StandardStream<T> _stream;
        private readonly T _during;
        private T? _before;

        public StreamScope(StandardStream<T> stream, T during)
        {
            _before = stream.Current;
            stream.Current = during;
            _stream = stream;
            _during = during;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _before, null) is { } before)
            {
                bool stands = ReferenceEquals(_stream.Current, _during);
                if ((stands ? _stream.Synchronized : _during) is TextWriter writer)
                {
                    FlushQuietly(writer);
                }

                // What the program has put there since is its own decision.
                if (stands)
                {
                    _stream.Current = before;
                }
            }
        }
    }
}
