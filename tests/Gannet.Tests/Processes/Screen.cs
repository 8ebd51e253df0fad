using System.Text;

namespace Gannet.Tests.Processes;

/// <summary>What a child's terminal has shown so far, read by the test in one way or the other.</summary>
internal sealed class Screen(PseudoTerminal terminal, bool isAsync)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _shown = new();
    private readonly byte[] _buffer = new byte[4096];

    public string Text => _shown.ToString();

    /// <summary>Reads until the terminal has shown a text.</summary>
    public async Task ReadUntilAsync(string text)
    {
        while (!Text.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync() > 0, $"The terminal did not show '{text}' but '{Text}'.");
        }
    }

    /// <summary>Reads to the end, and gives all that was shown.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync() > 0)
        {
        }

        return Text;
    }

    private async Task<int> ReadAsync()
    {
        int? count = isAsync ? await terminal.ReadAsync(_buffer, s_patience) : terminal.Read(_buffer, s_patience);
        Assert.True(count is not null, $"Nothing came after '{Text}'.");
        _shown.Append(Encoding.Latin1.GetString(_buffer, 0, count.Value));
        return count.Value;
    }
}
