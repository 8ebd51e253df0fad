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
    private static readonly string[] s_parameterChangers = ["function", "set", "shift", ".", "source", "eval", "trap"];

    // After which a command begins.
    private static readonly string[] s_openers = ["if", "then", "elif", "else", "while", "until", "do", "{", "!"];

    // After which options, or a name, may come before the command.
    private static readonly string[] s_prefixes = ["time", "command", "builtin", "coproc", "function"];

    // With what is assigned to these bash calculates, or it expands it once more, and so may run what is in it.
    private static readonly string[] s_specialVariables =
    [
        "RANDOM", "SRANDOM", "SECONDS", "OPTIND", "HISTCMD", "LINENO", "PPID", "UID", "EUID", "BASHPID", "BASH_SUBSHELL", "EPOCHSECONDS",
        "EPOCHREALTIME", "PS0", "PS1", "PS2", "PS3", "PS4", "ENV", "BASH_ENV", "PROMPT_COMMAND",
    ];

    // These make arrays, integers and references of variables, or calculate themselves.
    private static readonly string[] s_calculators = ["declare", "typeset", "let", "mapfile", "readarray", "coproc"];

    // These do so with options.
    private static readonly string[] s_declarations = ["local", "export", "readonly"];

    // From these on other words may be commands or operators.
    private static readonly string[] s_grammarChangers = ["alias", "shopt"];

    private readonly Stack<Frame> _frames = new([new Frame(ShellPlace.Command)]);
    private readonly List<HereDocument> _hereDocuments = [];
    private readonly StringBuilder _word = new();

    // The same word without its quotes.
    private readonly StringBuilder _letters = new();

    private string _text = "";
    private int _position;

    // Of the word that has been begun: whether all of it is in _word, and whether anything of it has come.
    private bool _isPlain = true;
    private bool _isInWord;
    private bool _isFirstWord = true;
    private bool _hasPrefix;
    private bool _followsRedirection;
    private bool _isRedirectionFile;
    private bool _isDuplication;
    private string _command = "";
    private char _loose;
    private bool _isAmbiguous;
    private bool _calculates;
    private bool _changesParameters;

    /// <summary>Whether the script may give <c>$1</c> another value, by a function or by <c>set</c>, so that values have to be kept elsewhere.</summary>
    public bool ChangesParameters => _changesParameters || _isAmbiguous;

    /// <summary>
    /// Whether bash may calculate with what some variable holds, or expand it once more, and so run it: then no value may be more than a number,
    /// since what becomes of it can't be followed.
    /// </summary>
    public bool RunsVariables => _calculates || _isAmbiguous;

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

    /// <summary>The script is over: so is its last word.</summary>
    public void End() => EndWord();

    /// <summary>A value stands here: it is part of a word.</summary>
    public void ReadValue()
    {
        _calculates |= _command is "local";
        AddToWord();
        _loose = Nothing;
    }

    /// <summary>Why no value can stand here; null when one can.</summary>
    public string? FindRefusal() => Top.Place switch
    {
        ShellPlace.SingleQuotes or ShellPlace.DoubleQuotes or ShellPlace.DollarQuotes =>
            "A value stands within quotes of the script. It needs none, whatever is in it: take them away, or end them before it and begin them anew after it.",
        ShellPlace.Parameter => "A value can't stand within ${ }, where bash may calculate with it and so run what is in it.",
        ShellPlace.Arithmetic => "A value can't stand within (( )), where bash calculates with it and so may run what is in it. Calculate in this program and give the result.",
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
            _ when _isDuplication =>
                "A value can't stand after >& or <&, where bash expands it once more and so may run what is in it. > {file} 2>&1 is safe.",
            _ when _frames.Any(frame => frame.IsInSubscript) => "A value can't stand within name[ ], where bash calculates with it and so may run what is in it.",
            _ when _frames.Any(frame => frame.IsInTest) => "A value can't stand within [[ ]], where bash may calculate with it and so run what is in it. [ ] does not.",
            _ when _frames.Any(frame => frame.Place is ShellPlace.Arithmetic) =>
                "A value can't stand in a command within (( )): bash calculates with what that writes, and so may run it.",
            _ when _frames.Any(frame => frame.Place is ShellPlace.Parameter) =>
                "A value can't stand in a command within ${ }, where bash may calculate with what that writes, and so run it.",
            _ when IsSpecialAssignment() =>
                "A value can't be assigned to this variable: bash calculates with it, or expands it once more, and so may run what is in it.",
            _ => null,
        };
    }

    private bool IsSpecialAssignment()
    {
        string word = _letters.ToString();
        int end = word.IndexOf('=', StringComparison.Ordinal);
        return end >= 0 && Array.IndexOf(s_specialVariables, word[..end].TrimEnd('+')) >= 0;
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
                if (!isRedirection)
                {
                    EndCommand();
                }

                _followsRedirection = isRedirection;
                _isDuplication = isRedirection && current is '&';
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
            _calculates |= _isFirstWord && IsName(_word.ToString());
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

        _letters.Append(letter);
        BeginLetters();
        _position++;
    }

    private void ReadBackslash()
    {
        if (At(1) is '\n')
        {
            // The two are not there. What they stand within may be an operator then.
            _isAmbiguous |= _hereDocuments.Count > 0 || (_position > 0 && At(-1) is '<' or '>' or '(' or '[');
            _position += 2;
            return;
        }

        _loose = _position + 1 == _text.Length ? '\\' : Nothing;
        AddToWord();
        _letters.Append(At(1));
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
                _calculates |= !IsPlainParameter(_text.AsSpan(_position));
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

        // A number, or {name}, belongs to the redirection, before which no command has begun.
        bool isFirstWord = _isFirstWord && (!_isInWord || _isPlain);
        EndWord();
        _isFirstWord |= isFirstWord;
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
        bool isSubshell = _isFirstWord && !_isInWord && _text.AsSpan(_position + 1).TrimStart(" \t\n\\") is not [')', ..];
        _changesParameters |= !isSubshell;
        EndCommand();
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
        if (!isEnd)
        {
            _letters.Append(Current);
        }

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
            case '\\' when At(1) is '\n':
                _position += 2;
                break;
            case '\\':
                _letters.Append(At(1));
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
                _letters.Append(Current);
                _position++;
                break;
        }
    }

    private void ReadInDollarQuotes()
    {
        if (Current is '\\')
        {
            // To bash the quote goes on after \'; to dash it ends. And a word may be spelt by its letters' numbers.
            _isAmbiguous |= At(1) is '\'';
            _changesParameters = true;
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
        // Numbers alone are no variables.
        _calculates |= !char.IsAsciiDigit(Current) && !" \t\n()+-*/%<>=!&|^~?:,".Contains(Current, StringComparison.Ordinal);
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
                _calculates = true;
                _position += 2;
                break;
            case '`':
                ReadAside(_text[Top.Start.._position]);
                _position++;
                Leave();
                break;
            default:
                _isAmbiguous |= Current is '\n' && _hereDocuments.Count > 0;
                _position++;
                break;
        }
    }

    // Text that is no part of this one's words, but may calculate too.
    private void ReadAside(string text)
    {
        ShellScanner aside = new();
        aside.Read(text);
        aside.End();
        _calculates |= aside.RunsVariables || aside.Top.Place is not (ShellPlace.Command or ShellPlace.DoubleQuotes or ShellPlace.Comment);
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
            if (!document.IsQuoted && IsExpanded(line))
            {
                // As within double quotes; that it holds none of its own, GoesOn has seen to.
                ReadAside($"\"{line}");
            }
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

        return IsExpanded(line) && (line.IndexOfAny("'\"\\[") >= 0
            || line.Count('`') % 2 != 0
            || line.Count('(') != line.Count(')')
            || line.Count('{') != line.Count('}'));
    }

    private static bool IsExpanded(ReadOnlySpan<char> line) =>
        line.IndexOf('`') >= 0 || line.IndexOf("$(") >= 0 || line.IndexOf("${") >= 0 || line.IndexOf("$[") >= 0;

    private static bool IsName(string word) =>
        word is not "" && !char.IsAsciiDigit(word[0]) && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_');

    // Whether what follows ${ is what POSIX knows: the subscripts, offsets, indirections and transformations of bash calculate, or expand again.
    private static bool IsPlainParameter(ReadOnlySpan<char> text)
    {
        if (text is ['!' or '#' or '@' or '*' or '?' or '$' or '-', '}', ..])
        {
            return true;
        }

        ReadOnlySpan<char> named = text is ['#', ..] ? text[1..] : text;
        int length = 0;
        while (length < named.Length && (char.IsAsciiLetterOrDigit(named[length]) || named[length] is '_'))
        {
            length++;
        }

        if (length is 0 && named is ['@' or '*', ..])
        {
            length = 1;
        }

        ReadOnlySpan<char> operation = length > 0 ? named[length..] : [];
        bool isAssignment = operation is ['=', ..] or [':', '=', ..];
        return (operation is ['}' or '-' or '=' or '?' or '+' or '#' or '%', ..] or [':', '-' or '=' or '?' or '+', ..])
            && !(isAssignment && Array.IndexOf(s_specialVariables, named[..length].ToString()) >= 0);
    }

    private void Enter(ShellPlace place, int length)
    {
        if (Top.Place is ShellPlace.Command && place is not (ShellPlace.Comment or ShellPlace.Delimiter))
        {
            AddToWord();
        }

        _frames.Push(new Frame(place)
        {
            Start = _position + length,
            Outer = new(_word.ToString(), _letters.ToString(), _command, _isFirstWord, _hasPrefix, _isRedirectionFile),
        });
        _position += length;
        if (place is ShellPlace.Command)
        {
            BeginCommand();
        }
    }

    private void Leave()
    {
        Frame left = _frames.Pop();
        if (left is { Place: ShellPlace.Command, Outer: OuterWord outer })
        {
            BeginWord();
            _word.Append(outer.Word);
            _letters.Append(outer.Letters);
            (_command, _isFirstWord, _hasPrefix, _isRedirectionFile) =
                (outer.Command, outer.IsFirstWord, outer.HasPrefix, outer.IsRedirectionFile);
        }

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
        _letters.Clear();
        (_isPlain, _isInWord, _followsRedirection) = (true, false, false);
    }

    private void BeginLetters()
    {
        _isRedirectionFile |= _followsRedirection;
        (_isInWord, _followsRedirection) = (true, false);
    }

    // Something that is no plain letter.
    private void AddToWord()
    {
        _calculates |= _isDuplication || IsSpecialAssignment();
        BeginLetters();
        _isPlain = false;
    }

    private void BeginCommand()
    {
        BeginWord();
        (_isFirstWord, _hasPrefix, _isRedirectionFile, _isDuplication, _command) = (true, false, false, false, "");
    }

    private void EndCommand()
    {
        EndWord();
        BeginCommand();
    }

    private void EndWord()
    {
        if (_isInWord)
        {
            JudgeWord(_letters.ToString());
            if (!_isRedirectionFile)
            {
                AdvanceCommand(_word.ToString());
            }

            (_isRedirectionFile, _isDuplication) = (false, false);
        }

        BeginWord();
    }

    // A command is the same with quotes around its name, and with redirections and much else before it.
    private void JudgeWord(string letters)
    {
        _changesParameters |= Array.IndexOf(s_parameterChangers, letters) >= 0;
        _isAmbiguous |= Array.IndexOf(s_grammarChangers, letters) >= 0;
        _calculates |= Array.IndexOf(s_calculators, letters) >= 0 || Array.IndexOf(s_specialVariables, letters) >= 0;
        if (letters is "test" or "[" or "printf" or "read" || Array.IndexOf(s_declarations, letters) >= 0)
        {
            _command = letters;
        }
        else if (letters is ['-' or '+', .. string options])
        {
            _calculates |= _command switch
            {
                "" => false,
                "read" => options.Contains('a', StringComparison.Ordinal),
                "test" or "[" or "printf" => options is ['v', ..],
                _ => true,
            };
        }
    }

    private void AdvanceCommand(string word)
    {
        if (_isPlain)
        {
            bool isTest = _isFirstWord && word is "[[";
            _calculates |= isTest;
            Top.IsInTest = isTest || (Top.IsInTest && word is not "]]");

            // A pattern of case ends with a parenthesis that none has opened, so that the end of $( ) can't be told from it; nor
            // can it in a regular expression.
            _isAmbiguous |= _frames.Count > 1 && (isTest || (_isFirstWord && word is "case"));
        }

        // A command whose name is yet to be made may be any of those that change the parameters.
        bool isAssignment = word.Contains('=', StringComparison.Ordinal);
        _changesParameters |= _isFirstWord && !_isPlain && !isAssignment;
        _hasPrefix |= _isFirstWord && _isPlain && Array.IndexOf(s_prefixes, word) >= 0;
        _isFirstWord &= _hasPrefix || isAssignment || (_isPlain && Array.IndexOf(s_openers, word) >= 0);
    }

    private sealed class Frame(ShellPlace place)
    {
        public ShellPlace Place { get; } = place;

        /// <summary>Where its text begins.</summary>
        public int Start { get; init; }

        /// <summary>Of <c>$( )</c>: the word that it is part of, to go on with after it.</summary>
        public OuterWord? Outer { get; init; }

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

    private sealed record OuterWord(
        string Word, string Letters, string Command, bool IsFirstWord, bool HasPrefix, bool IsRedirectionFile);

    private sealed record HereDocument(string Mark, bool StripsTabs, bool IsQuoted, Frame Owner);
}
