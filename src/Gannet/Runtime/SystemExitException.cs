using System.Globalization;
using System.Numerics;

namespace Gannet;

/// <summary>
/// Python's <c>SystemExit</c>: the request to end the program, which <see cref="Sys.Exit(object?)"/> throws. It unwinds like any
/// exception, so <c>finally</c> blocks run and it can be caught to clean up, or to stay. <see cref="Sys.Run(Func{int})"/>
/// turns it into the exit status; on a thread other than the main one it ends that thread only.
/// </summary>
/// <remarks>
/// In Python it derives from <c>BaseException</c>, so that <c>except Exception</c> lets it pass. Everything that C# throws
/// derives from <see cref="Exception"/>: a catch-all needs <c>when (error is not SystemExitException)</c> to do the same.
/// </remarks>
public sealed class SystemExitException : Exception
{
    /// <summary>Throwing it directly does the same as <see cref="Sys.Exit(object?)"/>.</summary>
    /// <param name="code">What <see cref="Code"/> gives back.</param>
    public SystemExitException(object? code = null)
    {
        Code = code;
        UnhandledErrors.Install();
    }

    /// <summary>What was passed to <see cref="Sys.Exit(object?)"/>: null, an integer, or an object to be shown.</summary>
    public object? Code { get; }

    /// <summary>
    /// The exit status that <see cref="Code"/> stands for. Null is 0; an integer of any type, a <see cref="bool"/> and an enum are
    /// their own low 32 bits, and -1 when a <see cref="long"/> does not hold them, as in CPython; any other object is 1. Of the
    /// 32 bits the kernel hands eight to the parent: 256 arrives as 0, -1 as 255, 2^40 + 7 as 7.
    /// </summary>
    public int Status => Code is null ? 0 : AsInteger(Code) ?? 1;

    /// <inheritdoc/>
    public override string Message => Text ?? string.Create(CultureInfo.InvariantCulture, $"exit status {Status}");

    /// <summary>What to show the user, or null when <see cref="Code"/> is a number.</summary>
    internal string? Text => Code is null || AsInteger(Code) is not null ? null : Show(Code);

    private static int? AsInteger(object code) => code switch
    {
        int value => value,
        bool value => value ? 1 : 0,
        Enum value => AsInteger(Convert.ChangeType(value, value.GetTypeCode(), CultureInfo.InvariantCulture)),
        sbyte or byte or short or ushort => Convert.ToInt32(code, CultureInfo.InvariantCulture),
        uint value => (int)value,
        long value => (int)value,
        nint value => (int)value,
        ulong value => LowBits(value),
        nuint value => LowBits(value),
        Int128 value => LowBits(value),
        UInt128 value => LowBits(value),
        BigInteger value => LowBits(value),
        _ => null,
    };

    // CPython takes the code as a C long, and that failing -1.
    private static int LowBits(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (int)(long)value : -1;

    // A message that can't be made must not hide the exit itself.
    private static string Show(object code)
    {
        try
        {
            return Convert.ToString(code, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception)
        {
            return code.GetType().ToString();
        }
    }
}
