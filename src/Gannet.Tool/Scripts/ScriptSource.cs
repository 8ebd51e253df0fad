using System.Text;
using Gannet.Interop;

namespace Gannet.Tool.Scripts;

/// <summary>Where a script's text comes from.</summary>
/// <param name="Name">What the script sees as <c>Sys.Argv[0]</c>: the script as typed, <c>-c</c>, or <c>-</c>.</param>
/// <param name="DisplayName">What error messages call it.</param>
internal abstract record ScriptSource(string Name, string DisplayName)
{
    /// <summary>The file's full path; null for code that is in no file.</summary>
    public virtual string? FullPath => null;

    /// <summary>Reads the text.</summary>
    /// <exception cref="ToolException">It can't be read.</exception>
    public abstract byte[] Read();

    /// <summary>A script in a file.</summary>
    public sealed record File(string TypedPath) : ScriptSource(TypedPath, TypedPath)
    {
        public override string? FullPath => Path.GetFullPath(TypedPath);

        public override byte[] Read()
        {
            if (Directory.Exists(TypedPath))
            {
                throw Unreadable("Is a directory");
            }

            try
            {
                return System.IO.File.ReadAllBytes(TypedPath);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || TypedPath.Length == 0)
            {
                throw Unreadable("No such file or directory");
            }
            catch (UnauthorizedAccessException)
            {
                throw Unreadable("Permission denied");
            }
            catch (IOException e)
            {
                throw Unreadable(e.Message);
            }
        }

        private ToolException Unreadable(string reason) => new($"gannet: {(TypedPath.Length == 0 ? "''" : TypedPath)}: {reason}", ExitStatus.Usage);
    }

    /// <summary>Code given on the command line.</summary>
    public sealed record Code(string Text) : ScriptSource("-c", "<string>")
    {
        public override byte[] Read() => Encoding.UTF8.GetBytes(Text);
    }

    /// <summary>A script on standard input, read to its end before it runs; the script itself finds the input at its end.</summary>
    public sealed record StandardInput(string Name) : ScriptSource(Name, "<stdin>")
    {
        private const int Descriptor = 0;

        /// <summary>Refuses a standard input that was closed when this program began.</summary>
        /// <exception cref="ToolException">It was.</exception>
        public static void ThrowIfClosed()
        {
            if (Libc.IsCloseOnExec(Descriptor) is not false)
            {
                // The number is that of something of the runtime's own now, which never ends.
                throw new ToolException("gannet: standard input is closed", ExitStatus.Usage);
            }
        }

        public override byte[] Read()
        {
            ThrowIfClosed();
            using Stream input = Console.OpenStandardInput();
            using MemoryStream text = new();
            input.CopyTo(text);
            return text.ToArray();
        }
    }
}
