namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>Ctrl-C has ended an input.</summary>
internal sealed class InputInterruptedException : Exception
{
    public override string Message => "Interrupted";
}
