namespace Gannet.Tests.Child.Scenarios;

/// <summary>Users, groups and passwords, as an ordinary user sees them, or with files of their own.</summary>
internal static class Accounts
{
    public static int Look(string[] arguments)
    {
        Console.WriteLine(Users.Get("root").Name);
        Console.WriteLine(Users.Get(0u) == Users.Get("root"));
        Console.WriteLine(Users.All()[0].Name);
        Console.WriteLine(Users.Get("root").Password);
        try
        {
            Console.WriteLine(Users.CheckPassword("root", "sesame"));
        }
        catch (OsException error)
        {
            Console.WriteLine($"{error.Operation} {error.Errno} {error.Path}");
        }

        return 0;
    }

    /// <summary>Shows entries; run where /etc/passwd and /etc/group are others.</summary>
    public static int Show(string[] arguments)
    {
        foreach (string name in Sys.Argv.Skip(2))
        {
            UserEntry? user = Users.Find(name);
            GroupEntry? group = Groups.Find(name);
            Console.WriteLine($"{user is not null} {user?.Gecos.Length} {user == Users.Find(user?.Uid ?? 0)} {Escape(user?.Gecos)} {group?.Members.Count} {Escape(group is { Members: [.., var last] } ? last : null)} {(user is null ? 0 : Groups.ForUser(name).Count)}");
        }

        Console.WriteLine($"{Users.All().Count} {Groups.All().Count} {Groups.All().Max(group => group.Members.Count)}");
        return 0;

        static string Escape(string? text) =>
            text is null ? "-" : text.Length > 30 ? "long" : string.Concat(text.Select(unit => unit < 128 ? $"{unit}" : $"<{(int)unit:x}>"));
    }

    /// <summary>The database changes between two calls.</summary>
    public static int Changed(string[] arguments)
    {
        Console.WriteLine(Users.Find("gannet-new") is null);
        File.AppendAllText("/etc/passwd", "gannet-new:x:54322:54322:New,,,:/nowhere:/bin/false\n");
        Console.WriteLine(Users.Get("gannet-new").Gecos);
        Console.WriteLine(Users.Get(54322u).Directory);
        return 0;
    }

    /// <summary>Run where libcrypt is hidden.</summary>
    public static int WithoutLibcrypt(string[] arguments)
    {
        Action[] calls = [() => Crypt.Hash("a", "ab"), () => Crypt.Verify("a", "ab"), () => Crypt.MakeSalt(), () => _ = Crypt.Methods];
        foreach (Action call in calls)
        {
            try
            {
                call();
                Console.WriteLine("passed");
            }
            catch (PlatformNotSupportedException error)
            {
                Console.WriteLine(error.Message);
            }
        }

        return 0;
    }

    public static int User(string[] arguments)
    {
        Console.WriteLine(GetPass.GetUser());
        return 0;
    }

    public static int Check(string[] arguments)
    {
        Console.WriteLine(Users.CheckPassword(arguments[0], arguments[1]));
        return 0;
    }

    /// <summary>Asks, and tells what it got. The arguments: the prompt, the echo character, the milliseconds until it gives up.</summary>
    public static int Ask(string[] arguments) => Sys.Run(() =>
    {
        string prompt = arguments is [var first, ..] ? first : "Password: ";
        char? echo = arguments is [_, { Length: 1 } second, ..] ? second[0] : null;
        using CancellationTokenSource source = new();
        if (arguments is [_, _, var delay, ..])
        {
            source.CancelAfter(int.Parse(delay));
        }

        try
        {
            using Secret secret = GetPass.Prompt(prompt, echo, source.Token);
            Sys.Stdout.WriteLine($"length {secret.Length} sum {secret.AsSpan().ToArray().Sum(value => value)}");
        }
        catch (Exception error) when (error is EndOfStreamException or OperationCanceledException or ArgumentException)
        {
            Sys.Stdout.WriteLine(error is OperationCanceledException ? "cancelled" : error.GetType().Name);
        }
    });

    /// <summary>Another thread ends the program while it asks.</summary>
    public static int AskAndExit(string[] arguments)
    {
        new Thread(() =>
        {
            Thread.Sleep(500);
            Environment.Exit(5);
        }).Start();
        GetPass.Prompt().Dispose();
        return 0;
    }

    /// <summary>Another thread ends the program, while it asks, in a way that runs no exit hooks.</summary>
    public static int AskAndLeave(string[] arguments)
    {
        new Thread(() =>
        {
            Thread.Sleep(500);
            switch (arguments[0])
            {
                case "exit": Os.ExitNow(7); break;
                case "abort": Os.Abort(); break;
                case "exec": Os.Execv("/bin/sh", ["sh", "-c", "exit 8"]); break;
                default: throw new InvalidOperationException("nobody catches this");
            }
        }).Start();
        GetPass.Prompt().Dispose();
        return 0;
    }

    /// <summary>Another thread starts a program while it asks.</summary>
    public static int AskBesideChild(string[] arguments)
    {
        Thread other = new(() =>
        {
            Thread.Sleep(500);
            if (arguments[0] is "gannet")
            {
                Command.Of("echo", "beside").Run();
                return;
            }

            using System.Diagnostics.Process child = System.Diagnostics.Process.Start("echo", "beside");
            child.WaitForExit();
        });
        other.Start();
        using Secret secret = GetPass.Prompt();
        other.Join();
        Console.WriteLine($"length {secret.Length}");
        return 0;
    }

    /// <summary>A handler of the program keeps SIGINT from ending it.</summary>
    public static int AskDespiteInterrupt(string[] arguments) => Sys.Run(() =>
    {
        Console.CancelKeyPress += (_, context) => context.Cancel = true;
        using Secret secret = GetPass.Prompt();
        Console.WriteLine($"length {secret.Length}");
    });

    /// <summary>Asks twice, after the console has read a line.</summary>
    public static int AskAfterReading(string[] arguments)
    {
        Console.WriteLine($"line {Console.ReadLine()}");
        using Secret first = GetPass.Prompt("First: "), second = GetPass.Prompt("Second: ");
        Console.WriteLine($"lengths {first.Length} {second.Length}");
        return 0;
    }
}
