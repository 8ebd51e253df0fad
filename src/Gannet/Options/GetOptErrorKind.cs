namespace Gannet;

/// <summary>
/// What is wrong with a command line. C's <c>getopt</c> tells a missing value (<c>:</c>) from every other error (<c>?</c>), and only
/// when the letters begin with a colon; here the kind is always told.
/// </summary>
public enum GetOptErrorKind
{
    /// <summary>Something that the program itself found wrong and reported as a <see cref="GetOptException"/>.</summary>
    Other = 0,

    /// <summary>A letter or word that the program did not declare.</summary>
    NotRecognized,

    /// <summary>The beginning of more than one word, and none of them in full.</summary>
    Ambiguous,

    /// <summary>An option that requires a value was the last argument.</summary>
    MissingValue,

    /// <summary>A value was attached to a word that takes none: <c>--debug=1</c>.</summary>
    UnexpectedValue,
}
