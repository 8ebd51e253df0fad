using System.Runtime.InteropServices;

namespace Gannet.Conformance.Options;

/// <summary>
/// glibc's <c>getopt_long</c>, called in this process. Its state is global: whoever uses it runs alone (see
/// <see cref="GlibcGetOptTests"/>).
/// </summary>
internal static unsafe class Glibc
{
    /// <summary>What a word's index is added to, so that its code is no letter.</summary>
    private const int FirstWordCode = 256;

    private const int InOrderOperandCode = 1;

    private static readonly nint Library = NativeLibrary.Load("libc.so.6");

    private static readonly delegate* unmanaged<int, byte**, byte*, WordRecord*, int*, int> GetOptLong =
        (delegate* unmanaged<int, byte**, byte*, WordRecord*, int*, int>)NativeLibrary.GetExport(Library, "getopt_long");

    private static readonly int* Index = (int*)NativeLibrary.GetExport(Library, "optind");
    private static readonly int* ReportErrors = (int*)NativeLibrary.GetExport(Library, "opterr");
    private static readonly int* FailedOption = (int*)NativeLibrary.GetExport(Library, "optopt");
    private static readonly byte** Value = (byte**)NativeLibrary.GetExport(Library, "optarg");

    /// <summary>What glibc says of a command line, up to its first error.</summary>
    public static Answer Parse(CommandLine line)
    {
        using NativeBlock block = new();
        byte** argv = block.Strings(["program", .. line.Args]);
        // The colon makes glibc tell a missing value from its other errors.
        byte* letters = block.String($"{line.Prefix}:{line.Letters}");
        WordRecord* words = Declare(block, line.Words);
        *Index = 0;
        *ReportErrors = 0;
        List<ParsedOption> options = [];
        int count = line.Args.Length + 1;
        for (int code; (code = GetOptLong(count, argv, letters, words, null)) != -1;)
        {
            if (code is '?' or ':')
            {
                return new Answer(options, [], ErrorOf(code, line.Words));
            }

            options.Add(new ParsedOption(NameOf(code, line.Words), Marshal.PtrToStringUTF8((nint)(*Value)) ?? ""));
        }

        return new Answer(options, [.. Enumerable.Range(*Index, count - *Index).Select(i => Marshal.PtrToStringUTF8((nint)argv[i])!)], "");
    }

    private static WordRecord* Declare(NativeBlock block, string[] words)
    {
        WordRecord* records = (WordRecord*)block.Allocate((words.Length + 1) * sizeof(WordRecord));
        for (int i = 0; i < words.Length; i++)
        {
            records[i] = new WordRecord
            {
                Name = block.String(BareName(words[i])),
                HasValue = words[i].EndsWith("=?") ? 2 : words[i].EndsWith('=') ? 1 : 0,
                Flag = null,
                Code = FirstWordCode + i,
            };
        }

        return records;
    }

    private static string NameOf(int code, string[] words) => code switch
    {
        InOrderOperandCode => "",
        >= FirstWordCode => "--" + BareName(words[code - FirstWordCode]),
        _ => "-" + (char)code,
    };

    // optopt is 0 for a word that is unknown or ambiguous: glibc's program can't tell which.
    private static string ErrorOf(int code, string[] words) => (code, *FailedOption) switch
    {
        (':', int option) => "requires argument " + NameOf(option, words),
        (_, 0) => "no such word",
        (_, >= FirstWordCode) => "must not have an argument " + NameOf(*FailedOption, words),
        (_, int option) => "no such letter " + NameOf(option, words),
    };

    private static string BareName(string word) => word.TrimEnd('?').TrimEnd('=');

    /// <summary>The outcome in terms that both sides have.</summary>
    public sealed record Answer(IReadOnlyList<ParsedOption> Options, IReadOnlyList<string> Arguments, string Error)
    {
        public bool Agrees(Answer other) =>
            Error == other.Error && Options.SequenceEqual(other.Options) && Arguments.SequenceEqual(other.Arguments);

        public override string ToString() => $"{string.Join(' ', Options)} [{string.Join('|', Arguments)}] {Error}";
    }

    /// <summary>C's <c>struct option</c>.</summary>
    private struct WordRecord
    {
        public byte* Name;
        public int HasValue;
        public int* Flag;
        public int Code;
    }

    /// <summary>Native memory that lives as long as one call.</summary>
    private sealed class NativeBlock : IDisposable
    {
        private readonly List<nint> _pieces = [];

        public void* Allocate(int size)
        {
            void* piece = NativeMemory.AllocZeroed((nuint)size);
            _pieces.Add((nint)piece);
            return piece;
        }

        public byte* String(string text)
        {
            byte* piece = (byte*)Allocate((text.Length * 3) + 1);
            System.Text.Encoding.UTF8.GetBytes(text, new Span<byte>(piece, text.Length * 3));
            return piece;
        }

        public byte** Strings(string[] texts)
        {
            byte** pieces = (byte**)Allocate((texts.Length + 1) * sizeof(byte*));
            for (int i = 0; i < texts.Length; i++)
            {
                pieces[i] = String(texts[i]);
            }

            return pieces;
        }

        public void Dispose() => _pieces.ForEach(piece => NativeMemory.Free((void*)piece));
    }
}
