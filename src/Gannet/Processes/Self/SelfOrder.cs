namespace Gannet;

/// <summary>What a program that is started again is told: at which method, and with what message. It stands in the environment, which,
/// unlike arguments and descriptors, every way of starting a program passes on untouched.</summary>
/// <param name="Method">The name under which the method is registered.</param>
/// <param name="Message">The message, as text; null for none.</param>
internal sealed record SelfOrder(string Method, string? Message)
{
    private const string MethodVariable = "GANNET_SELF";
    private const string MessageVariable = "GANNET_SELF_MESSAGE";

    /// <summary>The longest message: the kernel takes 128 KiB for one variable, its name and its end included.</summary>
    public const int LongestMessage = (128 * 1024) - 64;

    /// <summary>The order that this program was started with, if it was; it is gone from the environment then.</summary>
    public static SelfOrder? Take()
    {
        string? message = LiveEnvironment.Remove(MessageVariable);
        return LiveEnvironment.Remove(MethodVariable) is { } method ? new(method, message) : null;
    }

    /// <summary>An environment with the order in it.</summary>
    public EnvironmentPlan LayOver(EnvironmentPlan plan)
    {
        EnvironmentPlan ordered = plan.With(MethodVariable, Method);
        return Message is null ? ordered.Without(MessageVariable) : ordered.With(MessageVariable, Message);
    }
}
