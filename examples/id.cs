#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// What id(1) prints: for this process, or for the user that is named.
return Sys.Run(() =>
{
    if (Sys.Argv.Count == 1)
    {
        Console.WriteLine(OfProcess());
    }
    else if (Named(Sys.Argv[1]) is { } user)
    {
        Console.WriteLine($"uid={User(user.Uid)} gid={Group(user.Gid)} groups={List(Groups.ForUser(user.Name))}");
    }
    else
    {
        Sys.Exit($"id: '{Sys.Argv[1]}': no such user");
    }
});

// A number is an id where it is no name.
static UserEntry? Named(string text) => Users.Find(text) ?? (uint.TryParse(text, out uint id) ? Users.Find(id) : null);

static string OfProcess()
{
    (uint user, uint group) = (Os.GetUid(), Os.GetGid());
    string effectiveUser = Os.GetEUid() == user ? "" : $" euid={User(Os.GetEUid())}";
    string effectiveGroup = Os.GetEGid() == group ? "" : $" egid={Group(Os.GetEGid())}";
    return $"uid={User(user)} gid={Group(group)}{effectiveUser}{effectiveGroup} groups={List(Os.GetGroups().Prepend(Os.GetEGid()))}";
}

static string List(IEnumerable<uint> groups) => string.Join(',', groups.Distinct().Select(Group));

static string User(uint id) => Users.Find(id) is { } user ? $"{id}({user.Name})" : $"{id}";

static string Group(uint id) => Groups.Find(id) is { } group ? $"{id}({group.Name})" : $"{id}";
