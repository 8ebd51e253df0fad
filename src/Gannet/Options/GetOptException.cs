namespace Gannet;

/// <summary>
/// A command line that does not fit the declared options. Python's <c>getopt.GetoptError</c>: <see cref="Exception.Message"/> is its
/// <c>msg</c>, to the letter (<c>option -q not recognized</c>), and <see cref="Option"/> its <c>opt</c>. The message names no program;
/// the usual report is <c>prog: message</c> on standard error and exit status 2.
/// </summary>
/// <remarks>Differs from CPython: <see cref="Kind"/> tells the error without a look at the text, which CPython may translate.</remarks>
public sealed class GetOptException : Exception
{
    /// <summary>Describes an error; public so that a program can report its own findings in the same way.</summary>
    /// <param name="message">The whole text of the error.</param>
    /// <param name="option">The option without its hyphens; empty when the error belongs to none.</param>
    /// <param name="kind">What is wrong.</param>
    public GetOptException(string message, string option = "", GetOptErrorKind kind = GetOptErrorKind.Other)
        : base(message)
    {
        Option = option;
        Kind = kind;
    }

    /// <summary>
    /// The option without its hyphens: <c>q</c>, <c>output</c>. The full word where an abbreviation was understood, otherwise what
    /// was typed up to the <c>=</c>.
    /// </summary>
    public string Option { get; }

    /// <summary>What is wrong.</summary>
    public GetOptErrorKind Kind { get; }
}
