using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Gannet.Tool.Prompt.Editing;
using Gannet.Tool.Prompt.Evaluating;
using Gannet.Tool.Prompt.Showing;

namespace Gannet.Tool.Prompt;

/// <summary>One run of the prompt: reads inputs, runs them, shows what comes out, until the end of the input or an exit.</summary>
internal sealed class PromptSession : IDisposable
{
    private readonly SharedTerminal? _terminal;
    private readonly Interruption _interruption = new();
    private readonly UsedResources _resources = new();
    private readonly PromptEngine _engine;
    private readonly ErrorWriter _errors = new();
    private FirstScript? _script;
    private IInputReader? _reader;
    private bool _isReading = true;
    private string? _text;
    private int _inputs;

    // What ends the session before its input does: an exit, or that no input can be run.
    private ExceptionDispatchInfo? _end;

    /// <param name="terminal">The terminal at which lines are edited; null when none are.</param>
    /// <param name="script">What is run first; null for nothing.</param>
    /// <param name="arguments">The words for the script.</param>
    /// <param name="compiler">The compiler, which is being loaded.</param>
    public PromptSession(SharedTerminal? terminal, FirstScript? script, string[] arguments, Task<InputCompiler> compiler)
    {
        _terminal = terminal;
        _script = script;
        Sys.DisplayHook = Display;
        UnhandledErrors.EndThreadOnly(error => _errors.Tell("Exception on another thread. " + ErrorText.Of(error)));
        _engine = new PromptEngine(_interruption, _resources, arguments, compiler);
    }

    /// <summary>Runs until the end; an exit comes through as its exception.</summary>
    /// <exception cref="ToolException">No input can be run.</exception>
    [StackTraceHidden]
    public void Run()
    {
        if (_script is null)
        {
            WriteBanner();
        }

        MainThreadRelay.Run(TryFinish);
    }

    public void Dispose() => _interruption.Dispose();

    // Where a thread has been interrupted the session goes on on another: this one can't be interrupted in every place any more.
    [StackTraceHidden]
    private bool TryFinish()
    {
        while (!Interruption.HasReachedThisThread)
        {
            if (!TakeStep())
            {
                // Here, since in a forked child this may be the only method of the session's that is still running.
                Dispose();
                _end?.Throw();
                return true;
            }
        }

        return false;
    }

    // The first that is due of what a session does; false when nothing is left. Each step may run code of the user's.
    [StackTraceHidden]
    private bool TakeStep()
    {
        if (Take(ref _script) is { } script)
        {
            RunScript(script);
        }
        else if (Take(ref _text) is { } text)
        {
            Evaluate(text);
        }
        else if (_isReading)
        {
            Read();
        }
        else if (_resources.TryTake(out Action? dispose))
        {
            // As at the end of a program's body, each whatever becomes of the others.
            Guard([StackTraceHidden] () => _interruption.Run([StackTraceHidden] (_) => dispose!()));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Read()
    {
        try
        {
            _reader ??= OpenReader();
            _text = _end is null ? _reader.Read() : null;
        }
        catch (Exception error)
        {
            _end = ExceptionDispatchInfo.Capture(error);
        }

        if (_text is null)
        {
            _isReading = false;
            _reader?.Dispose();
        }
    }

    private static T? Take<T>(ref T? place)
        where T : class
    {
        T? taken = place;
        place = null;
        return taken;
    }

    private IInputReader OpenReader()
    {
        PromptText texts = new(_interruption);
        IInputReader reader = _terminal is not null
            ? new LineEditor(new RawTerminal(), _terminal, new History(History.UsualPath), _engine, texts)
            : new PlainReader(_engine.IsComplete, texts);
        _interruption.Came += reader.Interrupt;
        return reader;
    }

    private static void WriteBanner() => TerminalKind.PromptWriter.WriteLine(
        $"Gannet {GannetCommand.Version} on .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}\n" +
        "Type help() for help, exit() or Ctrl-D to leave.");

    private static void Display(object? value)
    {
        if (value is not null)
        {
            Sys.Stdout.WriteLine(ValueText.Of(value));
        }
    }

    [StackTraceHidden]
    private void Evaluate(string text)
    {
        string name = InputName.Of(++_inputs);
        GuardInput([StackTraceHidden] () =>
        {
            if (_engine.Evaluate(text, name) is { } value)
            {
                // It may compute for long, or for ever: the elements of a sequence, for instance.
                _interruption.Run([StackTraceHidden] (_) => Sys.DisplayHook(value));
            }
        });
    }

    // Its errors, an exit among them, leave its variables to be looked at.
    [StackTraceHidden]
    private void RunScript(FirstScript script) =>
        GuardInput([StackTraceHidden] () =>
        {
            try
            {
                foreach ((string text, string name) in script.Inputs)
                {
                    _engine.EvaluateScript(text, name);
                }
            }
            catch (Exception error) when (Sys.FindExit(error) is { } exit)
            {
                _errors.Tell($"{nameof(SystemExitException)}: {exit.Message}");
            }
        });

    [StackTraceHidden]
    private void GuardInput(Action work)
    {
        _interruption.Expect();
        Guard(work);
        _interruption.ExpectNoMore();
    }

    [StackTraceHidden]
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (InputException error)
        {
            _errors.Tell(ErrorText.Of(error));
        }
        catch (InputInterruptedException error)
        {
            _errors.Tell(error.Message);
        }
        catch (Exception error) when (error is ToolException || Sys.FindExit(error) is not null)
        {
            _end = ExceptionDispatchInfo.Capture(error);
        }
        catch (Exception error)
        {
            _errors.Tell(ErrorText.Of(error));
        }
    }
}
