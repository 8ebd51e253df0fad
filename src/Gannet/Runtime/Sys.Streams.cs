namespace Gannet;

public static partial class Sys
{
    private static readonly StandardStream<TextReader> s_stdin = new(() => Console.In, Console.SetIn);
    private static readonly StandardStream<TextWriter> s_stdout = new(() => Console.Out, Console.SetOut);
    private static readonly StandardStream<TextWriter> s_stderr = new(() => Console.Error, Console.SetError);

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
    /// "At start" means at the first use of one of the two, or at <see cref="Run(Func{int})"/>: what was
    /// put into the console earlier, behind Gannet's back, counts as the original.
    /// </summary>
    public static TextReader OriginalStdin => s_stdin.Original;

    /// <summary><c>sys.__stdout__</c>: the writer as it was at start; assign it to <see cref="Stdout"/> to restore it. As
    /// <see cref="OriginalStdin"/>.</summary>
    public static TextWriter OriginalStdout => s_stdout.Original;

    /// <summary><c>sys.__stderr__</c>: the writer as it was at start; assign it to <see cref="Stderr"/> to restore it. As
    /// <see cref="OriginalStdin"/>.</summary>
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
    public static IDisposable RedirectStdout(TextWriter writer) => new StreamScope<TextWriter>(s_stdout, writer);

    /// <summary><c>contextlib.redirect_stderr</c>: as <see cref="RedirectStdout"/>, for <see cref="Stderr"/>.</summary>
    /// <param name="writer">What to write to meanwhile; it stays the caller's to close.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static IDisposable RedirectStderr(TextWriter writer) => new StreamScope<TextWriter>(s_stderr, writer);

    /// <summary>Writes out what the current writers hold back; one that is closed or broken has had its chance to say so.</summary>
    internal static void FlushOutput()
    {
        FlushQuietly(Stdout);
        FlushQuietly(Stderr);
    }

    /// <summary>Writes to the current standard error, or to the original one when that does not take it.</summary>
    internal static void Tell(string text)
    {
        try
        {
            Stderr.Write(text);
            Stderr.Flush();
        }
        catch (Exception)
        {
            TellOriginal(text);
        }
    }

    private static void TellOriginal(string text)
    {
        try
        {
            OriginalStderr.Write(text);
        }
        catch (Exception)
        {
            // Nobody is left to be told; the status still says that something was wrong.
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
                if (_during is TextWriter writer)
                {
                    FlushQuietly(writer);
                }

                // What the program has put there since is its own decision.
                if (ReferenceEquals(_stream.Current, _during))
                {
                    _stream.Current = before;
                }
            }
        }
    }
}
