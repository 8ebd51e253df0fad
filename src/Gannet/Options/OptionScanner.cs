namespace Gannet.Options;

/// <summary>
/// The parser: Parse, ParseGnu and Enumerate all read a command line through it. The rules are CPython's; where CPython 3.13 has
/// none (optional values, operands in order) they are those of CPython 3.14.
/// </summary>
internal ref struct OptionScanner
{
    private readonly ReadOnlySpan<string> _args;
    private readonly OptionSpecification _specification;
    private readonly ref ScanState _state;

    public OptionScanner(ReadOnlySpan<string> args, OptionSpecification specification, ref ScanState state)
    {
        _args = args;
        _specification = specification;
        _state = ref state;
    }

    public GetOptItem Current { get; private set; }

    /// <summary>Whether operands lie between the last option and the next argument.</summary>
    private readonly bool HasRun => _state.RunStart < _state.Next;

    public bool MoveNext()
    {
        if (_state.LetterOffset > 0)
        {
            ReadLetter();
            return true;
        }

        if (!FindOption())
        {
            return false;
        }

        if (HasRun && _specification.Operands == OperandRule.InOrder)
        {
            Current = GetOptItem.Operand(_args[_state.RunStart], _state.RunStart);
            _state.RunStart++;
            return true;
        }

        SetRunAside();
        ReadOption();
        return true;
    }

    /// <summary>Goes to the next argument that holds options; false when there is none.</summary>
    private readonly bool FindOption()
    {
        while (!_state.Ended && _state.Next < _args.Length)
        {
            string arg = _args[_state.Next];
            if (arg is not ['-', _, ..])
            {
                PassOperand();
            }
            else if (HasRun && MustStopAtRun())
            {
                _state.Next = _state.RunStart;
                _state.Ended = true;
            }
            else if (arg is "--")
            {
                SetRunAside();
                LeaveArgument(taken: 1);
                _state.Ended = true;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private readonly void PassOperand()
    {
        if (_specification.Operands == OperandRule.Stop)
        {
            _state.Ended = true;
        }
        else
        {
            _state.Next++;
        }
    }

    // The environment matters only where something that looks like an option follows an operand, and is asked only there, once:
    // reading it takes longer than reading a command line.
    private readonly bool MustStopAtRun() =>
        _specification.Operands == OperandRule.Permute && _state.SetAside is null && IsPosixlyCorrect();

    // As CPython: set and not empty. glibc also takes the empty one for set.
    private static bool IsPosixlyCorrect() => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("POSIXLY_CORRECT"));

    private readonly void SetRunAside()
    {
        if (HasRun)
        {
            _state.SetAside ??= [];
            _state.SetAside.AddRange(_args[_state.RunStart.._state.Next]);
            _state.RunStart = _state.Next;
        }
    }

    private void ReadOption()
    {
        if (_args[_state.Next][1] == '-')
        {
            ReadWord();
        }
        else
        {
            _state.LetterOffset = 1;
            ReadLetter();
        }
    }

    private void ReadWord()
    {
        string arg = _args[_state.Next];
        int equals = arg.IndexOf('=', 2);
        bool attached = equals >= 0;
        ReadOnlySpan<char> word = _specification.FindWord(attached ? arg.AsSpan(2..equals) : arg.AsSpan(2), out ValueRule rule);
        if (attached && rule == ValueRule.None)
        {
            throw OptionErrors.UnexpectedValue(word);
        }

        if (!attached && rule == ValueRule.Required)
        {
            Current = GetOptItem.Word(word, NextArgument() ?? throw OptionErrors.WordRequiresValue(word), 0, _state.Next);
            LeaveArgument(taken: 2);
            return;
        }

        Current = attached ? GetOptItem.Word(word, arg, equals + 1, _state.Next) : GetOptItem.Word(word, null, 0, _state.Next);
        LeaveArgument(taken: 1);
    }

    private void ReadLetter()
    {
        string arg = _args[_state.Next];
        int start = _state.LetterOffset;
        int end = start + OptionSpecification.LetterWidth(arg, start);
        ReadOnlySpan<char> letter = arg.AsSpan(start..end);
        if (!_specification.TryFindLetter(letter, out ValueRule rule))
        {
            throw OptionErrors.LetterNotRecognized(letter);
        }

        bool last = end == arg.Length;
        if (last && rule == ValueRule.Required)
        {
            Current = GetOptItem.Letter(letter, NextArgument() ?? throw OptionErrors.LetterRequiresValue(letter), 0, _state.Next);
            LeaveArgument(taken: 2);
            return;
        }

        bool attached = !last && rule != ValueRule.None;
        Current = attached ? GetOptItem.Letter(letter, arg, end, _state.Next) : GetOptItem.Letter(letter, null, 0, _state.Next);
        if (last || attached)
        {
            LeaveArgument(taken: 1);
        }
        else
        {
            _state.LetterOffset = end;
        }
    }

    /// <summary>The argument behind the option, whatever it looks like: a value may begin with a hyphen or be empty.</summary>
    private readonly string? NextArgument() => _state.Next + 1 < _args.Length ? _args[_state.Next + 1] : null;

    private readonly void LeaveArgument(int taken)
    {
        _state.Next += taken;
        _state.RunStart = _state.Next;
        _state.LetterOffset = 0;
    }
}
