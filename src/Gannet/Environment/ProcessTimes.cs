namespace Gannet;

/// <summary>CPython's <c>times_result</c>: processor time used so far.</summary>
/// <param name="User">By this process in programs and libraries.</param>
/// <param name="System">By the kernel on its behalf.</param>
/// <param name="ChildrenUser">By the children that have ended and been waited for, and theirs.</param>
/// <param name="ChildrenSystem">By the kernel on their behalf.</param>
/// <param name="Elapsed">Time since a fixed moment in the past; only differences mean something.</param>
public readonly record struct ProcessTimes(
    TimeSpan User, TimeSpan System, TimeSpan ChildrenUser, TimeSpan ChildrenSystem, TimeSpan Elapsed);
