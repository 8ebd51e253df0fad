namespace Gannet.Tool.Prompt.Editing;

/// <summary>What a key asks of the editor.</summary>
internal enum EditorCommand
{
    /// <summary>A key that means nothing here.</summary>
    None,

    /// <summary>Letters to be inserted.</summary>
    Insert,

    /// <summary>A pasted text, to be inserted as it is.</summary>
    Paste,
    Submit,
    NewLine,
    Complete,
    Left,
    Right,
    Up,
    Down,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    EraseLeft,
    EraseRight,
    EraseWordLeft,
    EraseWordRight,
    EraseToStart,
    EraseToEnd,
    Yank,
    Transpose,
    PreviousEntry,
    NextEntry,
    Search,
    GiveUp,
    EndOfInput,
    Interrupt,
    Suspend,
    ClearScreen,

    /// <summary>The terminal has another size.</summary>
    Redraw,

    /// <summary>The terminal has been somebody else's meanwhile.</summary>
    Resume,

    /// <summary>The terminal has gone away.</summary>
    HangUp,
}
