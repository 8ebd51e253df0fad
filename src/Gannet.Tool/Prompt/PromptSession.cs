using System.Diagnostics;
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
    private int _inputs;

    /// <param name="terminal">The terminal at which lines are edited; null when none are.</param>
    /// <param name="arguments">The words for the script.</param>
    /// <param name="compiler">The compiler, which is being loaded.</param>
    public PromptSession(SharedTerminal? terminal, string[] arguments, Task<InputCompiler> compiler)
    {
        _terminal = terminal;
        Sys.DisplayHook = Display;
        UnhandledErrors.EndThreadOnly(error => _errors.Tell("Exception on another thread. " + ErrorText.Of(error)));
        _engine = new PromptEngine(_interruption, _resources, arguments, compiler);
    }

    /// <summary>Runs until the end; an exit comes through as its exception.</summary>
    /// <param name="script">What is run first; null for nothing.</param>
    /// <exception cref="ToolException">No input can be run.</exception>
    [StackTraceHidden]
    public int Run(FirstScript? script)
    {
        try
        {
            RunInputs(script);
            return 0;
        }
        finally
        {
            DisposeResources();
        }
    }

    public void Dispose() => _interruption.Dispose();

    [StackTraceHidden]
    private void RunInputs(FirstScript? script)
    {
        if (script is null)
        {
            WriteBanner();
        }
        else
        {
            RunScript(script);
        }

        using IInputReader reader = OpenReader();
        _interruption.Came += reader.Interrupt;
        while (reader.Read() is { } text)
        {
            Evaluate(text);
        }
    }

    // As at the end of a program's body, each whatever becomes of the others.
    [StackTraceHidden]
    private void DisposeResources()
    {
        while (_resources.TryTake(out Action? dispose))
        {
            Guard([StackTraceHidden] () => _interruption.Run([StackTraceHidden] (_) => dispose!()));
        }
    }

    private IInputReader OpenReader() =>
        _terminal is not null
            ? new LineEditor(new RawTerminal(), _terminal, new History(History.UsualPath), _engine, new PromptText(_interruption))
            : new PlainReader(_engine.IsComplete, new PromptText(_interruption));

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
        try
        {
            Guard(work);
        }
        finally
        {
            _interruption.ExpectNoMore();
        }
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
        catch (Exception error) when (error is not ToolException && Sys.FindExit(error) is null)
        {
            _errors.Tell(ErrorText.Of(error));
        }
    }
}
