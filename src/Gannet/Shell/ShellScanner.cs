using System.Text;

namespace Gannet;

/// <summary>
/// Reads a script as a shell does, as far as it takes to know what a value at the place that has been reached would be to it. POSIX leaves
/// some texts open, and shells differ (dash, bash, busybox): from such a text on every value is refused, since it might stand within quotes.
/// </summary>
/// <remarks>Source: POSIX.1-2024, Shell Command Language, 2.2 to 2.10.</remarks>
internal sealed class ShellScanner
{
    private const char Nothing = '\0';

    // Words after which $1 may be another one, in a function or from then on.
    private static readonly string[] s_parameterChangers = ["function", "set", "shift", ".", "source", "eval"];

    // After which a command begins, or its name is still to come.
    private static readonly string[] s_openers = ["if", "then", "elif", "else", "while", "until", "do", "{", "!", "time", "command", "builtin"];

    // To these bash assigns the result of a calculation, in which a value can run commands.
    private static readonly string[] s_calculated = ["RANDOM", "SRANDOM", "OPTIND", "HISTCMD"];

    private readonly Stack<Frame> _frames = new([new Frame(ShellPlace.Command)]);
    private readonly List<HereDocument> _hereDocuments = [];
    private readonly StringBuilder _word = new();

    private string _text = "";
    private int _position;

    // Of the word that has been begun: whether all of it is in _word, and whether anything of it has come.
    private bool _isPlain = true;
    private bool _isInWord;
    private bool _isFirstWord = true;
    private bool _followsRedirection;
    private char _loose;
    private bool _isAmbiguous;

    /// <summary>Whether the script may give <c>$1</c> another value, by a function or by <c>set</c>, so that values have to be kept elsewhere.</summary>
    public bool ChangesParameters { get; private set; }

    /// <summary>Whether a word has been begun to which a value here would be added.</summary>
    public bool IsInWord => _isInWord;

    /// <summary>Whether the next word is the file of a redirection.</summary>
    public bool FollowsRedirection => _followsRedirection;

    private Frame Top => _frames.Peek();

    private char Current => At(0);

    /// <summary>Reads on.</summary>
    /// <param name="text">All that stands between two values.</param>
    public void Read(string text)
    {
        (_text, _position, _loose) = (text, 0, Nothing);
        while (_position < _text.Length)
        {
            _loose = Nothing;
            ReadNext();
        }
    }

    /// <summary>A value stands here: it is part of a word.</summary>
    public void ReadValue()
    {
        AddToWord();
        _loose = Nothing;
    }

    /// <summary>Why no value can stand here; null when one can.</summary>
    public string? FindRefusal() => Top.Place switch
    {
        ShellPlace.SingleQuotes or ShellPlace.DoubleQuotes or ShellPlace.DollarQuotes =>
            "A value stands within quotes of the script. It needs none, whatever is in it: take them away, or end them before it and begin them anew after it.",
        ShellPlace.Parameter => "A value can't stand within ${ }, where bash may calculate with it and so run what is in it.",
        ShellPlace.Arithmetic => "A value can't stand within (( )), where bash calculates with it and so may run what is in it. Calculate first.",
        ShellPlace.Backquotes => "A value can't stand within ` `, whose quoting has rules of its own. $( ) does the same.",
        ShellPlace.Comment => "A value stands in a comment.",
        ShellPlace.Delimiter => "A value can't be the end mark of a here-document.",
        ShellPlace.HereDocument =>
            "A value can't stand in a here-document. Give the text as the command's input, or set a variable before it: name={value}.",
        _ => FindRefusalInCommand(),
    };

    private string? FindRefusalInCommand()
    {
        if (_isAmbiguous)
        {
            return "What stands before this value is read in different ways by different shells, and in one of them the value may be within quotes.";
        }

        return _loose switch
        {
            '$' => "A $ before a value would change what the value is. The shell's own ${name} is written ${{name}} here.",
            '\\' => "A backslash before a value would take its quotes away.",
            _ when Top.IsInSubscript => "A value can't stand within name[ ], where bash calculates with it and so may run what is in it.",
            _ when Top.IsInTest => "A value can't stand within [[ ]], where bash may calculate with it and so run what is in it. [ ] does not.",
            _ when IsCalculated() => "A value can't be assigned to this variable: bash calculates with it and so may run what is in it.",
            _ => null,
        };
    }

    private bool IsCalculated()
    {
        ReadOnlySpan<char> name = _word.ToString();
        int end = name.IndexOf('=');
        return end >= 0 && Array.IndexOf(s_calculated, name[..end].TrimEnd('+').ToString()) >= 0;
    }

    private char At(int offset) => _position + offset < _text.Length ? _text[_position + offset] : Nothing;

    private void ReadNext()
    {
        switch (Top.Place)
        {
            case ShellPlace.Command:
                ReadInCommand();
                break;
            case ShellPlace.SingleQuotes:
                ReadInSingleQuotes();
                break;
            case ShellPlace.DoubleQuotes:
                ReadInDoubleQuotes();
                break;
            case ShellPlace.DollarQuotes:
                ReadInDollarQuotes();
                break;
            case ShellPlace.Parameter:
                ReadInParameter();
                break;
            case ShellPlace.Arithmetic:
                ReadInArithmetic();
                break;
            case ShellPlace.Backquotes:
                ReadInBackquotes();
                break;
            case ShellPlace.Comment:
                ReadInComment();
                break;
            case ShellPlace.Delimiter:
                ReadDelimiter();
                break;
            default:
                ReadHereDocuments();
                break;
        }
    }

    private void ReadInCommand()
    {
        char current = Current;
        switch (current)
        {
            case '\\':
                ReadBackslash();
                return;
            case '\'':
                Enter(ShellPlace.SingleQuotes, 1);
                return;
            case '"':
                Enter(ShellPlace.DoubleQuotes, 1);
                return;
            case '`':
                Enter(ShellPlace.Backquotes, 1);
                return;
            case '$':
                ReadDollar(isQuoted: false);
                return;
            case '#' when !_isInWord:
                _isAmbiguous |= Top.IsInSubscript;
                Enter(ShellPlace.Comment, 1);
                return;
            case '\n':
                EndCommand();
                Top.IsInSubscript = false;
                _position++;
                ReadHereDocuments();
                return;
            case ' ' or '\t':
                bool followsRedirection = _followsRedirection;
                EndWord();
                _followsRedirection = followsRedirection;
                break;
            case ';':
                EndCommand();
                break;
            case '|' or '&':
                // >| and >& are redirections still.
                bool isRedirection = _followsRedirection && _position > 0 && At(-1) is '<' or '>';
                EndCommand();
                _followsRedirection = isRedirection;
                break;
            case '<' or '>':
                ReadRedirection();
                return;
            case '(':
                ReadOpening();
                return;
            case ')':
                ReadClosing();
                return;
            default:
                ReadLetter(current);
                return;
        }

        _position++;
    }

    private void ReadLetter(char letter)
    {
        if (letter is '[')
        {
            // A word [ is the command; name[ is an element of an array to bash, which may have blanks within; [ elsewhere a set of letters.
            char before = _position > 0 ? At(-1) : Nothing;
            Top.IsInSubscript |= char.IsAsciiLetterOrDigit(before) || before is '_' || At(1) is not (' ' or '\t' or '\n' or '[');
        }
        else if (letter is ']')
        {
            Top.IsInSubscript = false;
        }

        if (_isPlain || !_isInWord)
        {
            _word.Append(letter);
        }

        _isInWord = true;
        _followsRedirection = false;
        _position++;
    }

    private void ReadBackslash()
    {
        if (At(1) is '\n')
        {
            // The two are not there. What they stand within may be an operator then.
            _isAmbiguous |= _hereDocuments.Count > 0 || (_position > 0 && At(-1) is '<' or '(' or '[');
            _position += 2;
            return;
        }

        _loose = _position + 1 == _text.Length ? '\\' : Nothing;
        AddToWord();
        _position += 2;
    }

    private void ReadDollar(bool isQuoted)
    {
        if (!isQuoted)
        {
            AddToWord();
        }

        switch (At(1))
        {
            case '(' when At(2) is '(':
                Enter(ShellPlace.Arithmetic, 3);
                break;
            case '(':
                Enter(ShellPlace.Command, 2);
                break;
            case '{':
                Enter(ShellPlace.Parameter, 2);
                Top.IsQuoted = isQuoted;
                break;
            case '\'' when !isQuoted:
                Enter(ShellPlace.DollarQuotes, 2);
                break;
            case '[':
                // Once arithmetic in bash.
                _isAmbiguous = true;
                _position++;
                break;
            case '\\' when At(2) is '\n':
                _isAmbiguous = true;
                _position++;
                break;
            case Nothing:
                _loose = '$';
                _position++;
                break;
            case '$' or '#' or '?' or '!' or '*' or '@' or '-':
                _position += 2;
                break;
            default:
                _position++;
                break;
        }
    }

    private void ReadRedirection()
    {
        bool isHereDocument = Current is '<' && At(1) is '<';
        EndWord();
        _followsRedirection = true;
        if (isHereDocument && At(2) is '<')
        {
            // A here-string of bash.
            _position += 3;
        }
        else if (isHereDocument)
        {
            bool stripsTabs = At(2) is '-';
            _isAmbiguous |= At(2) is '\\' && At(3) is '\n';
            Enter(ShellPlace.Delimiter, stripsTabs ? 3 : 2);
            Top.Mark = new StringBuilder();
            Top.StripsTabs = stripsTabs;
        }
        else
        {
            _position++;
        }
    }

    private void ReadOpening()
    {
        // An array of bash, in which [ ] are subscripts wherever they stand.
        _isAmbiguous |= _isInWord && _position > 0 && At(-1) is '=';
        bool isFunction = _text.AsSpan(_position + 1).TrimStart(" \t") is [')', ..];
        EndCommand();
        ChangesParameters |= isFunction;
        if (At(1) is '(')
        {
            Enter(ShellPlace.Arithmetic, 2);
            Top.IsCommand = true;
            return;
        }

        Top.Depth++;
        _position++;
    }

    private void ReadClosing()
    {
        EndCommand();
        _position++;
        if (Top.Depth > 0)
        {
            Top.Depth--;
        }
        else if (_frames.Count > 1)
        {
            // Where the lines of its here-documents are then, shells do not agree.
            _isAmbiguous |= _hereDocuments.Count > 0;
            Leave();
        }
    }

    private void ReadInSingleQuotes()
    {
        bool isEnd = Current is '\'';
        _isAmbiguous |= Current is '\n' && _hereDocuments.Count > 0;
        _position++;
        if (isEnd)
        {
            Leave();
        }
    }

    private void ReadInDoubleQuotes()
    {
        switch (Current)
        {
            case '\\':
                _position += 2;
                break;
            case '"':
                _position++;
                Leave();
                break;
            case '`':
                Enter(ShellPlace.Backquotes, 1);
                break;
            case '$':
                ReadDollar(isQuoted: true);
                break;
            default:
                _isAmbiguous |= Current is '\n' && _hereDocuments.Count > 0;
                _position++;
                break;
        }
    }

    private void ReadInDollarQuotes()
    {
        if (Current is '\\')
        {
            // To bash the quote goes on after \'; to dash it ends.
            _isAmbiguous |= At(1) is '\'';
            _position += 2;
            return;
        }

        ReadInSingleQuotes();
    }

    private void ReadInParameter()
    {
        switch (Current)
        {
            case '\\':
                _position += 2;
                break;
            case '}':
                _position++;
                Leave();
                break;
            case '\'' or '"' when Top.IsQuoted:
                // Quotes within "${ }" are quotes to some shells, and letters to others.
                _isAmbiguous = true;
                _position++;
                break;
            case '\'':
                Enter(ShellPlace.SingleQuotes, 1);
                break;
            case '"':
                Enter(ShellPlace.DoubleQuotes, 1);
                break;
            case '`':
                Enter(ShellPlace.Backquotes, 1);
                break;
            case '$':
                ReadDollar(Top.IsQuoted);
                break;
            default:
                _isAmbiguous |= Current is '{' || (Current is '\n' && _hereDocuments.Count > 0);
                _position++;
                break;
        }
    }

    private void ReadInArithmetic()
    {
        switch (Current)
        {
            case '$':
                ReadDollar(isQuoted: true);
                return;
            case '(':
                Top.Depth++;
                break;
            case ')' when Top.Depth > 0:
                Top.Depth--;
                break;
            case ')':
                // Where one alone closes it, it was no arithmetic but a subshell in another.
                _isAmbiguous |= At(1) is not ')';
                _position += 2;
                LeaveArithmetic();
                return;
            case '\'' or '"' or '\\' or '`':
                _isAmbiguous = true;
                break;
            default:
                _isAmbiguous |= Current is '\n' && _hereDocuments.Count > 0;
                break;
        }

        _position++;
    }

    private void ReadInBackquotes()
    {
        switch (Current)
        {
            case '\\':
                _position += 2;
                break;
            case '`':
                _position++;
                Leave();
                break;
            default:
                _isAmbiguous |= Current is '\n' && _hereDocuments.Count > 0;
                _position++;
                break;
        }
    }

    private void ReadInComment()
    {
        if (Current is '\n')
        {
            // The newline is no part of it.
            _frames.Pop();
            return;
        }

        _position++;
    }

    private void ReadDelimiter()
    {
        char current = Current;
        StringBuilder mark = Top.Mark!;
        if (!Top.IsMarkBegun && current is ' ' or '\t')
        {
            _position++;
            return;
        }

        if (current is ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')')
        {
            EndDelimiter();
            return;
        }

        Top.IsMarkBegun = true;
        switch (current)
        {
            case '\'' or '"':
                int end = _text.IndexOf(current, _position + 1);
                ReadOnlySpan<char> quoted = _text.AsSpan((_position + 1)..(end < 0 ? _text.Length : end));
                _isAmbiguous |= quoted.IndexOfAny("\n\\$`") >= 0;
                mark.Append(quoted);
                Top.IsQuoted = true;
                _position = end < 0 ? _text.Length : end + 1;
                break;
            case '\\':
                _isAmbiguous |= At(1) is '\n' or Nothing;
                mark.Append(At(1));
                Top.IsQuoted = true;
                _position += 2;
                break;
            default:
                _isAmbiguous |= current is '$' or '`';
                mark.Append(current);
                _position++;
                break;
        }
    }

    private void EndDelimiter()
    {
        Frame delimiter = _frames.Pop();
        _hereDocuments.Add(new(delimiter.Mark!.ToString(), delimiter.StripsTabs, delimiter.IsQuoted, Top));
        _followsRedirection = false;
    }

    // At the beginning of a line.
    private void ReadHereDocuments()
    {
        while (_hereDocuments is [HereDocument document, ..])
        {
            if (!ReadHereDocument(document))
            {
                if (Top.Place is not ShellPlace.HereDocument)
                {
                    _frames.Push(new Frame(ShellPlace.HereDocument));
                }

                return;
            }

            _hereDocuments.RemoveAt(0);
        }

        if (Top.Place is ShellPlace.HereDocument)
        {
            _frames.Pop();
        }
    }

    private bool ReadHereDocument(HereDocument document)
    {
        _isAmbiguous |= document.Owner != Top && Top.Place is not ShellPlace.HereDocument;
        while (_position < _text.Length)
        {
            int end = _text.IndexOf('\n', _position);
            ReadOnlySpan<char> line = _text.AsSpan(_position..(end < 0 ? _text.Length : end));
            _position = end < 0 ? _text.Length : end + 1;
            if (end >= 0 && (document.StripsTabs ? line.TrimStart('\t') : line).SequenceEqual(document.Mark))
            {
                return true;
            }

            _isAmbiguous |= !document.IsQuoted && GoesOn(line);
        }

        return false;
    }

    // Whether a line of a here-document may have more to it than itself, so that the mark after it is none to some shell.
    private static bool GoesOn(ReadOnlySpan<char> line)
    {
        if (line is [.., '\\'])
        {
            return true;
        }

        bool isExpanded = line.IndexOf('`') >= 0 || line.IndexOf("$(") >= 0 || line.IndexOf("${") >= 0 || line.IndexOf("$[") >= 0;
        return isExpanded && (line.IndexOfAny("'\"\\[") >= 0
            || line.Count('`') % 2 != 0
            || line.Count('(') != line.Count(')')
            || line.Count('{') != line.Count('}'));
    }

    private void Enter(ShellPlace place, int length)
    {
        if (Top.Place is ShellPlace.Command && place is not (ShellPlace.Comment or ShellPlace.Delimiter))
        {
            AddToWord();
        }

        _frames.Push(new Frame(place));
        _position += length;
        if (place is ShellPlace.Command)
        {
            BeginCommand();
        }
    }

    private void Leave()
    {
        _frames.Pop();
        if (Top.Place is ShellPlace.Command)
        {
            AddToWord();
        }
    }

    private void LeaveArithmetic()
    {
        bool isCommand = Top.IsCommand;
        Leave();
        if (isCommand)
        {
            BeginWord();
        }
    }

    private void BeginWord()
    {
        _word.Clear();
        (_isPlain, _isInWord, _followsRedirection) = (true, false, false);
    }

    // Something that is no plain letter.
    private void AddToWord() => (_isPlain, _isInWord, _followsRedirection) = (false, true, false);

    private void BeginCommand()
    {
        BeginWord();
        _isFirstWord = true;
    }

    private void EndCommand()
    {
        EndWord();
        _isFirstWord = true;
    }

    private void EndWord()
    {
        if (_isInWord)
        {
            string word = _word.ToString();
            if (_isPlain)
            {
                Top.IsInTest = word is "[[" || (Top.IsInTest && word is not "]]");
                ChangesParameters |= _isFirstWord && Array.IndexOf(s_parameterChangers, word) >= 0;

                // A pattern of case ends with a parenthesis that none has opened, so that the end of $( ) can't be told from it; nor
                // can it in a regular expression.
                _isAmbiguous |= _frames.Count > 1 && word is "case" or "[[";
            }

            bool isAssignment = word.Contains('=');
            _isFirstWord &= isAssignment || (_isPlain && Array.IndexOf(s_openers, word) >= 0);
        }

        BeginWord();
    }

    private sealed class Frame(ShellPlace place)
    {
        public ShellPlace Place { get; } = place;

        /// <summary>Parentheses that are open in it.</summary>
        public int Depth { get; set; }

        /// <summary>Of <c>${ }</c>: whether it stands within double quotes; of an end mark: whether any of it is quoted.</summary>
        public bool IsQuoted { get; set; }

        /// <summary>Of <c>(( ))</c>: whether it is a command, not part of a word.</summary>
        public bool IsCommand { get; set; }

        /// <summary>Within <c>name[ ]</c>.</summary>
        public bool IsInSubscript { get; set; }

        /// <summary>Within <c>[[ ]]</c>.</summary>
        public bool IsInTest { get; set; }

        /// <summary>The end mark of a here-document, as far as it has come.</summary>
        public StringBuilder? Mark { get; set; }

        public bool IsMarkBegun { get; set; }

        public bool StripsTabs { get; set; }
    }

    private sealed record HereDocument(string Mark, bool StripsTabs, bool IsQuoted, Frame Owner);
}
