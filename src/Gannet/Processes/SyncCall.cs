namespace Gannet;

/// <summary>The result of a method that serves both kinds of callers, called with <c>isAsync: false</c>: it has waited on the calling
/// thread, and is complete when it returns.</summary>
internal static class SyncCall
{
    /// <summary>The result, or the exception.</summary>
    public static T Result<T>(ValueTask<T> call) =>
        call.IsCompletedSuccessfully ? call.Result : call.AsTask().GetAwaiter().GetResult();
}
