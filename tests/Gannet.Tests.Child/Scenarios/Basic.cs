namespace Gannet.Tests.Child.Scenarios;

/// <summary>The plainest scenarios; they show that the child program itself works.</summary>
internal static class Basic
{
    public static int Echo(string[] arguments)
    {
        foreach (string argument in arguments)
        {
            Console.WriteLine(argument);
        }

        return 0;
    }
}
