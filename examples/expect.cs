#!/usr/bin/env gannet
#:project ../src/Gannet

using System.Text;
using System.Text.RegularExpressions;
using Gannet;

// Any program that talks to a person; this one asks for a name and a password, and then takes commands.
const string program = """
    printf 'login: '; read -r name
    stty -echo; printf 'Password: '; read -r word; stty echo; echo
    [ "$word" = sesame ] || { echo 'Login incorrect'; exit 1; }
    while printf '%s$ ' "$name" && read -r line; do
        case $line in
            size) stty size ;;
            exit) exit 7 ;;
            *) echo "$line: no such command" ;;
        esac
    done
    """;

using Child child = Command.Of("sh", "-c", program).WithTerminal(80, 24).Start();
Dialogue dialogue = new(child.Terminal);

dialogue.Expect("login: ");
child.Terminal.Type("guest\n");
dialogue.Expect("Password: ");
child.Terminal.Type("sesame\n");
dialogue.Expect(@"guest\$ ");

child.Terminal.Resize(132, 50);
child.Terminal.Type("size\n");
Match size = dialogue.Expect(@"(\d+) (\d+)\r\n");
Console.WriteLine($"{size.Groups[2]} columns, {size.Groups[1]} rows");

child.Terminal.Type("dance\n");
Console.WriteLine(dialogue.Expect(@"dance: (.*)\r\n").Groups[1]);
try
{
    dialogue.Expect("what never comes", TimeSpan.FromSeconds(0.5));
}
catch (TimeoutException error)
{
    Console.WriteLine(error.Message);
}

child.Terminal.Type("exit\n");
dialogue.ExpectEnd();
Console.WriteLine(child.Wait());

/// <summary>Reads what a terminal shows, as far as it is asked for.</summary>
internal sealed class Dialogue(PseudoTerminal terminal)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _bytes = new byte[4096];
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private string _shown = "";

    /// <summary>Waits until the terminal shows something that fits a regular expression; what stands before it, and it, count as read.</summary>
    public Match Expect(string pattern, TimeSpan? timeout = null)
    {
        DateTime end = DateTime.UtcNow + (timeout ?? s_patience);
        Match match;
        while (!(match = Regex.Match(_shown, pattern)).Success)
        {
            TimeSpan left = end - DateTime.UtcNow;
            _ = terminal.Read(_bytes, left > TimeSpan.Zero ? left : TimeSpan.Zero) switch
            {
                null => throw new TimeoutException($"Not shown in time: {pattern}"),
                0 => throw new EndOfStreamException($"Ended without having shown: {pattern}"),
                int count => Take(count),
            };
        }

        _shown = _shown[(match.Index + match.Length)..];
        return match;
    }

    /// <summary>Waits until nobody has the terminal open any more.</summary>
    public void ExpectEnd()
    {
        while (terminal.Read(_bytes) > 0)
        {
        }
    }

    private string Take(int count)
    {
        char[] letters = new char[_decoder.GetCharCount(_bytes, 0, count)];
        _decoder.GetChars(_bytes, 0, count, letters, 0);
        return _shown += new string(letters);
    }
}
