using System.Diagnostics;
using Gannet.Tool.Prompt.Editing;
using Gannet.Tool.Prompt.Evaluating;
using Gannet.Tool.Prompt.Helping;
using Gannet.Tool.Prompt.Showing;

namespace Gannet.Tool.Prompt;

/// <summary>
/// The compiler behind a session. It takes longer to load than a terminal takes to open, so it is loaded and tried out on a thread of its own
/// while the user reads the banner and types.
/// </summary>
internal sealed class PromptEngine : IPromptHelp, IEditorHelp
{
    private readonly Interruption _interruption;
    private readonly Task<Parts> _ready;

    public PromptEngine(Interruption interruption, UsedResources resources, string[] arguments, Task<InputCompiler> compiler)
    {
        _interruption = interruption;
        _ready = Assemble(interruption, resources, arguments, compiler);
    }

    private Parts Ready => Await(CancellationToken.None);

    /// <summary>Begins to load the compiler, which is what a session waits for longest.</summary>
    public static Task<InputCompiler> LoadCompiler()
    {
        Compiling.Roslyn.MakeFindable();
        return Task.Factory.StartNew(
            static () =>
            {
                CompilerCode.Load();
                return TryOut();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Whether an input has all its lines. What can't be judged is run, which tells why. Ctrl-C is meant for what is about to run from here
    /// on, so that the first input can be dropped while it waits for the compiler.</summary>
    public bool IsComplete(string text)
    {
        CancellationToken interrupted = _interruption.Expect();
        bool isComplete = Ask(() => Await(interrupted) is not null && InputText.IsComplete(text), true) || interrupted.IsCancellationRequested;
        if (!isComplete)
        {
            _interruption.ExpectNoMore();
        }

        return isComplete;
    }

    public Completion Complete(string text, int caret) => Ask(() => Ready.Completer.Complete(text, caret), new Completion(caret, []));

    // Nobody waits for colours.
    public byte[]? Colour(string text) => _ready.IsCompletedSuccessfully ? Ask(() => Highlighter.Colour(text), null) : null;

    /// <summary>Runs one input; its value, or null when it has none.</summary>
    [StackTraceHidden]
    public object? Evaluate(string text, string name)
    {
        Parts parts = AwaitForInput();
        if (text.Trim() is nameof(PromptGlobals.exit) or nameof(PromptGlobals.quit) && !parts.Help.Declared().Contains(text.Trim(), StringComparer.Ordinal))
        {
            // Who types the bare word means it, as in CPython since 3.13.
            Sys.Exit();
        }

        if (HelpCall.Find(text) is { } call && !parts.Help.Declared().Contains(call.Name, StringComparer.Ordinal))
        {
            if (Answer(call, parts.Help, out object? answer))
            {
                return parts.Evaluator.Remember(answer);
            }

            text = parts.Help.AsInput(call, text);
        }

        return parts.Evaluator.Evaluate(InputText.Finish(text), name);
    }

    /// <summary>Runs one file of a script, whose variables stay also when it fails.</summary>
    [StackTraceHidden]
    public void EvaluateScript(string text, string name) => AwaitForInput().Evaluator.Evaluate(text, name, isScript: true);

    public void Tell(object? about) => Sys.Stdout.WriteLine(about is null ? HelpText.Overview : Ready.Help.AboutValue(about));

    public IReadOnlyList<string> ListMembers(object about) => MemberNames.Of(about);

    private Parts AwaitForInput()
    {
        CancellationToken interrupted = _interruption.Expect();
        try
        {
            return Await(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw new InputInterruptedException();
        }
    }

    private Parts Await(CancellationToken interrupted)
    {
        try
        {
            Task.WaitAny([_ready], interrupted);
            return _ready.GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Exception cause = error.GetBaseException();
            throw new ToolException(
                cause is ToolException ? cause.Message : $"gannet: the C# compiler can't be used, and nothing runs without it: {cause.Message}", ExitStatus.Failure);
        }
    }

    // A fault of the compiler's, or of a file that it can't read, ends no session.
    private static T Ask<T>(Func<T> question, T otherwise)
    {
        try
        {
            return question();
        }
        catch (Exception)
        {
            return otherwise;
        }
    }

    // False when only the value can tell; evaluating it also tells why when nobody knows what is asked about.
    private static bool Answer(HelpCall call, HelpText help, out object? answer)
    {
        answer = null;
        string? argument = call.Argument;
        if (call.Name == nameof(PromptGlobals.dir))
        {
            answer = argument is null ? help.Declared() : help.Members(argument);
            return answer is not null;
        }

        string? text = argument is null ? HelpText.Overview : help.About(argument);
        if (text is not null)
        {
            Sys.Stdout.WriteLine(text);
        }

        return text is not null;
    }

    private static InputCompiler TryOut()
    {
        LoadedInputs loaded = new();
        loaded.ResolveBesideReferences();
        InputCompiler compiler = new(loaded);
        // What the first input needs is read in and compiled by the runtime now.
        _ = compiler.Compile("\"\" + 1", "").Run!([null, null]).Result;
        _ = ValueText.Of("");
        return compiler;
    }

    private async Task<Parts> Assemble(Interruption interruption, UsedResources resources, string[] arguments, Task<InputCompiler> loading)
    {
        InputCompiler compiler = await loading.ConfigureAwait(false);
        return new Parts(new Evaluator(compiler, interruption, new PromptGlobals(this, resources, arguments)), new Completer(compiler), new HelpText(compiler));
    }

    private sealed record Parts(Evaluator Evaluator, Completer Completer, HelpText Help);
}
