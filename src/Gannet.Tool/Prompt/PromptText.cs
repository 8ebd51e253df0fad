namespace Gannet.Tool.Prompt;

/// <summary>The prompts as they are at this moment: their text is asked for each time.</summary>
internal static class PromptText
{
    public static string First => TextOf(Sys.Ps1);

    public static string Further => TextOf(Sys.Ps2);

    // One that can't tell its text is shown as nothing, as in CPython.
    private static string TextOf(object prompt)
    {
        try
        {
            return prompt.ToString() ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }
}
