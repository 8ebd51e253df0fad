#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// What id(1) prints: for this process, or for the user that is named.
return Sys.Run(() => Console.WriteLine(Sys.Argv.Count > 1 ? OfUser(Sys.Argv[1]) : OfProcess()));

static string OfProcess()
{
    (uint user, uint group) = (Os.GetUid(), Os.GetGid());
    string effective = (Os.GetEUid() == user ? "" : $" euid={User(Os.GetEUid())}") + (Os.GetEGid() == group ? "" : $" egid={Group(Os.GetEGid())}");
    return $"uid={User(user)} gid={Group(group)}{effective} groups={List(Os.GetGroups().Prepend(Os.GetEGid()))}";
}

static string OfUser(string name)
{
    if (Users.Find(name) is not { } user)
    {
        Console.Error.WriteLine($"id: '{name}': no such user");
        Sys.Exit(1);
        return "";
    }

    return $"uid={User(user.Uid)} gid={Group(user.Gid)} groups={List(Groups.ForUser(name))}";
}

static string List(IEnumerable<uint> groups) => string.Join(',', groups.Distinct().Select(Group));

static string User(uint id) => Users.Find(id) is { } user ? $"{id}({user.Name})" : $"{id}";

static string Group(uint id) => Groups.Find(id) is { } group ? $"{id}({group.Name})" : $"{id}";
