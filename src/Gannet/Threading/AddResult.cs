namespace Gannet.Threading;

/// <summary>What became of an item.</summary>
internal enum AddResult
{
    /// <summary>It is in.</summary>
    Added,

    /// <summary>There is no room at the moment.</summary>
    Full,

    /// <summary>Nothing goes in any more.</summary>
    Closed,
}
