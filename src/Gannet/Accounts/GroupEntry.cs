namespace Gannet;

/// <summary><c>struct group</c>, CPython's <c>struct_group</c>: a group, as the group database has it, in the order of its fields. Two
/// entries are equal when all fields are, the members in their order.</summary>
/// <param name="Name"><c>gr_name</c>: the name.</param>
/// <param name="Password"><c>gr_passwd</c>: <c>x</c> where it is kept in a shadow file.</param>
/// <param name="Gid"><c>gr_gid</c>: the group's id.</param>
/// <param name="Members"><c>gr_mem</c>: the names of the users for whom it is a supplementary group. Those whose own group it is are not
/// among them; <see cref="Groups.ForUser(string)"/> knows both.</param>
public sealed record GroupEntry(string Name, string Password, uint Gid, IReadOnlyList<string> Members)
{
    /// <inheritdoc/>
    public bool Equals(GroupEntry? other) =>
        other is not null
        && (Name, Password, Gid) == (other.Name, other.Password, other.Gid)
        && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Password, Gid, Members.Count);
}
