namespace Gannet.Tool.Prompt.Editing;

/// <summary>One key, or one paste.</summary>
/// <param name="Command">What it asks for.</param>
/// <param name="Text">What it inserts.</param>
internal readonly record struct EditorKey(EditorCommand Command, string Text = "");
