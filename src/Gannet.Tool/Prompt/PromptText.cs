using Gannet.Tool.Prompt.Evaluating;

namespace Gannet.Tool.Prompt;

/// <summary>The prompts as they are at this moment: their text is asked for each time, and may be interrupted as any other code of the user's.</summary>
internal sealed class PromptText(Interruption interruption)
{
    public string First => TextOf(Sys.Ps1);

    public string Further => TextOf(Sys.Ps2);

    // One that can't tell its text is shown as nothing, as in CPython.
    private string TextOf(object prompt)
    {
        if (prompt is string known)
        {
            return known;
        }

        try
        {
            string text = "";
            interruption.Run(_ => text = prompt.ToString() ?? "");
            return text;
        }
        catch (Exception)
        {
            return "";
        }
    }
}
