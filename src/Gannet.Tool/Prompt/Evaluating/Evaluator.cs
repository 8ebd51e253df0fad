using System.Diagnostics;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>Runs the inputs of a session one after the other.</summary>
internal sealed class Evaluator
{
    private const int FirstRoom = 16;

    private readonly InputCompiler _compiler;
    private readonly Interruption _interruption;
    private readonly PromptGlobals _globals;

    // The objects behind the inputs that declare: the first is what all have in scope, each declaring input takes the next place.
    private object?[] _states = new object?[FirstRoom];
    private int _taken = 1;

    public Evaluator(InputCompiler compiler, Interruption interruption, PromptGlobals globals)
    {
        _compiler = compiler;
        _interruption = interruption;
        _globals = globals;
        _states[0] = globals;
    }

    /// <summary>Runs one input.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">What traces call it.</param>
    /// <param name="isScript">Whether it is a whole script, whose variables stay also when it fails.</param>
    /// <returns>Its value; null when it has none.</returns>
    /// <exception cref="InputException">It does not compile.</exception>
    /// <exception cref="InputInterruptedException">It was interrupted.</exception>
    [StackTraceHidden]
    public object? Evaluate(string text, string path, bool isScript = false)
    {
        Input input = Compile(text, path);
        object? value = null;
        bool succeeded = false;
        try
        {
            value = input.Run is null ? null : Run(input.Run);
            succeeded = true;
        }
        finally
        {
            Settle(input, keeps: input.Declares && (succeeded || (HasBegun && (isScript || !input.IsSingleVariable))));
        }

        if (input.Value is null)
        {
            return null;
        }

        if (value is not null)
        {
            _globals.__last = value;
            _compiler.KeepValue(input);
        }

        return value;
    }

    // An input's object takes its place before the first of its lines is run.
    private bool HasBegun => _states[_taken] is not null;

    /// <summary>Keeps a value for <c>_</c> that no input has computed.</summary>
    public object? Remember(object? value)
    {
        if (value is not null)
        {
            _globals.__last = value;
            _compiler.KeepValue(input: null);
        }

        return value;
    }

    private Input Compile(string text, string path)
    {
        CancellationToken interrupted = _interruption.Expect();
        try
        {
            return _compiler.Compile(text, path, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw new InputInterruptedException();
        }
    }

    [StackTraceHidden]
    private object? Run(Func<object?[], Task<object?>> run)
    {
        if (_taken + 1 >= _states.Length)
        {
            Array.Resize(ref _states, 2 * _states.Length);
        }

        object? value = null;
        object?[] states = _states;
        _interruption.Run([StackTraceHidden] (interrupted) =>
        {
            Task<object?> task = run(states);
            if (!task.IsCompleted)
            {
                // An end by itself is told below, in the input's own words.
                Task.WaitAny([task], interrupted);
            }

            value = task.GetAwaiter().GetResult();
        });
        return value;
    }

    private void Settle(Input input, bool keeps)
    {
        if (keeps)
        {
            _compiler.Keep(input);
            _taken += HasBegun ? 1 : 0;
        }
        else
        {
            _states[_taken] = null;
            if (input.Declares)
            {
                _compiler.Drop();
            }
        }
    }
}
