using System.Runtime.InteropServices;

namespace Gannet.Benchmarks.Options;

/// <summary>
/// glibc's <c>getopt_long</c> with everything prepared: only the calls are measured. The calls do not leave the runtime's cooperative
/// mode (SuppressGCTransition), which costs about a nanosecond each: that is the honest price of the C function itself.
/// </summary>
internal sealed unsafe class GlibcGetOpt
{
    private readonly delegate* unmanaged[SuppressGCTransition]<int, byte**, byte*, WordRecord*, int*, int> _getOptLong;
    private readonly int* _index;
    private readonly byte** _value;
    private readonly byte** _argv;
    private readonly byte* _letters = Native("ax:");
    private readonly WordRecord* _words;
    private readonly int _count;

    public GlibcGetOpt(string[] args)
    {
        nint libc = NativeLibrary.Load("libc.so.6");
        _getOptLong = (delegate* unmanaged[SuppressGCTransition]<int, byte**, byte*, WordRecord*, int*, int>)
            NativeLibrary.GetExport(libc, "getopt_long");
        _index = (int*)NativeLibrary.GetExport(libc, "optind");
        _value = (byte**)NativeLibrary.GetExport(libc, "optarg");
        _count = args.Length + 1;
        _argv = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        _argv[0] = Native("program");
        for (int i = 1; i < _count; i++)
        {
            _argv[i] = Native(args[i - 1]);
        }

        _words = (WordRecord*)NativeMemory.AllocZeroed(2, (nuint)sizeof(WordRecord));
        _words[0] = new WordRecord { Name = Native("debuglevel"), HasValue = 1, Flag = null, Code = 256 };
    }

    /// <summary>Reads the command line: the number of options, values and operands.</summary>
    public int Read()
    {
        // 0 asks for a fresh start, POSIXLY_CORRECT included.
        *_index = 0;
        int sum = 0;
        while (true)
        {
            switch (_getOptLong(_count, _argv, _letters, _words, null))
            {
                case 'a':
                    sum++;
                    break;
                case 'x' or 256:
                    sum += *_value is null ? 0 : 2;
                    break;
                case -1:
                    return sum + _count - *_index;
                default:
                    throw new InvalidOperationException("getopt_long found an error.");
            }
        }
    }

    private static byte* Native(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    private struct WordRecord
    {
        public byte* Name;
        public int HasValue;
        public int* Flag;
        public int Code;
    }
}
