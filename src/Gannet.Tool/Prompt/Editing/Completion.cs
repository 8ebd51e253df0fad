using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>What could be meant by the letters before the caret.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="Items">The names, in the order in which they are shown.</param>
internal sealed record Completion(int Start, IReadOnlyList<CompletionItem> Items)
{
    private const int Gap = 2;
    private const int LeastRoomForSummary = 10;

    /// <summary>What all the names begin with.</summary>
    public string CommonStart
    {
        get
        {
            string start = Items.Count == 0 ? "" : Items[0].Name;
            foreach (CompletionItem item in Items.Skip(1))
            {
                start = start[..start.AsSpan().CommonPrefixLength(item.Name)];
            }

            return start;
        }
    }

    /// <summary>The names as rows: few with the first line of what is known about each, many beside each other.</summary>
    public IEnumerable<string> List(int columns, int rows)
    {
        int width = Items.Max(item => LetterWidth.OfText(item.Name)) + Gap;
        return Items.Count < rows ? Items.Select(item => WithSummary(item, width, columns)) : Beside(width, columns);
    }

    private static string WithSummary(CompletionItem item, int width, int columns)
    {
        int room = columns - width - 1;
        string summary = room < LeastRoomForSummary ? "" : LetterWidth.Cut(item.Summary() ?? "", room);
        return summary.Length == 0 ? LetterWidth.Cut(item.Name, columns - 1) : item.Name.PadRight(width) + summary;
    }

    private IEnumerable<string> Beside(int width, int columns)
    {
        int perRow = Math.Max(columns / width, 1);
        int rows = (Items.Count + perRow - 1) / perRow;
        for (int row = 0; row < rows; row++)
        {
            StringBuilder text = new();
            for (int i = row; i < Items.Count; i += rows)
            {
                text.Append(Items[i].Name.PadRight(width));
            }

            yield return LetterWidth.Cut(text.ToString().TrimEnd(), columns - 1);
        }
    }
}
