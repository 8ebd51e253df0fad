using System.Text.Json;

namespace Gannet.Tests.Options;

/// <summary>Two hundred command lines with the recorded answers of CPython's <c>getopt</c> and <c>gnu_getopt</c>.</summary>
public class GetOptVectorTests
{
    [Fact, Trait("S", "S016"), Trait("S", "S049")]
    public void Every_recorded_answer_of_CPython_is_given()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Options", "Vectors", "getopt.jsonl"));
        Assert.Equal(200, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument vector = JsonDocument.Parse(line);
            JsonElement root = vector.RootElement;
            string[] args = Strings(root.GetProperty("args"));
            string letters = root.GetProperty("short").GetString()!;
            string[] words = Strings(root.GetProperty("long"));
            Assert.Equal((line, Recorded(root.GetProperty("getopt"))), (line, Answer(() => GetOpt.Parse(args, letters, words))));
            Assert.Equal((line, Recorded(root.GetProperty("gnu"))), (line, Answer(() => GetOpt.ParseGnu(args, letters, words))));
        }
    }

    private static string Answer(Func<GetOptResult> parse)
    {
        try
        {
            var (options, arguments) = parse();
            return Describe(options.Select(option => (option.Name, option.Value)), arguments);
        }
        catch (GetOptException error)
        {
            return $"{error.Message} [{error.Option}]";
        }
    }

    private static string Recorded(JsonElement answer) =>
        answer.TryGetProperty("error", out JsonElement message)
            ? $"{message.GetString()} [{answer.GetProperty("opt").GetString()}]"
            : Describe(
                answer.GetProperty("opts").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!)),
                Strings(answer.GetProperty("rest")));

    private static string Describe(IEnumerable<(string Name, string Value)> options, IEnumerable<string> rest) =>
        JsonSerializer.Serialize(new { options = options.Select(option => new[] { option.Name, option.Value }), rest });

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];
}
