using Gannet.Tool.Scripts;

namespace Gannet.Tool.Prompt;

/// <summary>The script that <c>gannet -i</c> runs before the prompt, as inputs: first the files that it includes, then itself.</summary>
/// <param name="Inputs">The inputs, with what traces call them.</param>
internal sealed record FirstScript(IReadOnlyList<(string Text, string Name)> Inputs)
{
    /// <exception cref="ToolException">It can't be read, or needs the SDK.</exception>
    public static FirstScript Read(ScriptSource source)
    {
        Script script = Script.Read(source);
        if (!ScriptSettings.TryRead(script, out ScriptSettings? settings))
        {
            throw new ToolException(
                $"gannet: {source.DisplayName}: its directives, or the build files above it, need the SDK, which builds no prompt", ExitStatus.Usage);
        }

        return new FirstScript(
        [
            .. settings.IncludedFiles.Select(path => (ScriptText.Decode(File.ReadAllBytes(path)), path)),
            (ScriptText.Decode(script.Bytes), source.FullPath ?? source.DisplayName),
        ]);
    }
}
