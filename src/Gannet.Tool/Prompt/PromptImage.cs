using Gannet.Tool.Running;

namespace Gannet.Tool.Prompt;

/// <summary>
/// The image that the prompt runs in: one in which the runtime does not profile hot code (TieredPGO). The C# compiler has thousands of methods
/// that become hot while somebody types, and each would be compiled once more for its profile, on the processors that the answers need.
/// </summary>
internal static class PromptImage
{
    private const string Profiling = "DOTNET_TieredPGO";

    // That it was set here, and not by the user.
    private const string Mark = "GANNET_PROMPT";

    /// <summary>
    /// Replaces the first image by such a one: the setting is read before the first line of managed code. Returns in that one, and where it can't be
    /// made, or the user has said what he wants.
    /// </summary>
    /// <param name="wordCount">How many words the user gave.</param>
    public static void Enter(int wordCount)
    {
        if (Environment.GetEnvironmentVariable(Mark) is null)
        {
            TryRenew(wordCount);
            return;
        }

        Handover.Forget(Mark);
        Handover.Forget(Profiling);
    }

    private static void TryRenew(int wordCount)
    {
        if (Environment.GetEnvironmentVariable(Profiling) is not null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Profiling, "0");
        Environment.SetEnvironmentVariable(Mark, "1");
        try
        {
            Handover.Renew(wordCount);
        }
        catch (OsException)
        {
            // Slower answers are better than none.
            Handover.Forget(Mark);
            Handover.Forget(Profiling);
        }
    }
}
