#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Asks for the password of a user, by default whoever runs this, and checks it. The hash is in the shadow file, which only root may
// read. The name comes from the user id: the one in $LOGNAME is whatever the caller has put there.
return Sys.Run(() =>
{
    string name = Sys.Argv.Count > 1 ? Sys.Argv[1] : Users.Get(Os.GetUid()).Name;
    if (Users.Find(name) is null)
    {
        Sys.Fail($"there is no user '{name}'");
    }

    using Secret typed = GetPass.Prompt();
    Console.WriteLine(Users.CheckPassword(name, typed) ? "Password validated" : "Password invalid");
});
