namespace Gannet.Tool.Prompt.Editing;

/// <summary>One name that could be meant.</summary>
/// <param name="Name">The name.</param>
/// <param name="Summary">The first line of its documentation; null when there is none.</param>
internal sealed record CompletionItem(string Name, Func<string?> Summary);
