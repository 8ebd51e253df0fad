using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Accounts;

public class AccountTests
{
    [Fact, Trait("S", "S414"), Trait("S", "S424"), Trait("S", "S420")]
    public void The_users_are_those_that_getent_lists_in_its_order()
    {
        using TestProcess run = TestProcess.Run("/usr/bin/getent", ["passwd"]);
        Assert.Equal(run.Stdout.TrimEnd().Split('\n'), Users.All().Select(Line));
        Assert.Equal("root", Users.All()[0].Name);
    }

    [Fact, Trait("S", "S414"), Trait("S", "S419"), Trait("S", "S416"), Trait("S", "S417")]
    public void The_groups_are_those_that_getent_lists_in_its_order()
    {
        using TestProcess run = TestProcess.Run("/usr/bin/getent", ["group"]);
        Assert.Equal(
            run.Stdout.TrimEnd().Split('\n'),
            Groups.All().Select(group => $"{group.Name}:{group.Password}:{group.Gid}:{string.Join(',', group.Members)}"));
        Assert.Equal("root", Groups.All()[0].Name);
        Assert.Equal(new GroupEntry("root", "x", 0, []), Groups.Get(0u));
    }

    [Fact, Trait("S", "S420"), Trait("S", "S423"), Trait("S", "S425"), Trait("S", "S421"), Trait("S", "S429")]
    public void A_user_is_the_same_by_name_and_by_id_with_seven_fields_in_order()
    {
        foreach (UserEntry user in Users.All().DistinctBy(user => user.Uid))
        {
            Assert.Equal(user, Users.Get(user.Name));
            Assert.Equal(user, Users.Get(user.Uid));
        }

        (string name, string password, uint uid, uint gid, string gecos, string directory, string shell) = Users.Get(0u);
        using TestProcess run = TestProcess.Run("/usr/bin/getent", ["passwd", "root"]);
        Assert.Equal($"{run.Stdout.TrimEnd()}", $"{name}:{password}:{uid}:{gid}:{gecos}:{directory}:{shell}");
    }

    [Fact, Trait("S", "S418"), Trait("S", "S425")]
    public void A_group_is_the_same_by_name_and_by_id()
    {
        foreach (GroupEntry group in Groups.All().DistinctBy(group => group.Gid))
        {
            Assert.Equal(group, Groups.Get(group.Name));
            Assert.Equal(group, Groups.Get(group.Gid));
            Assert.Equal(group.GetHashCode(), Groups.Get(group.Gid).GetHashCode());
        }

        (string name, string password, uint gid, IReadOnlyList<string> members) = Groups.Get("root");
        Assert.Equal(("root", "x", 0u, 0), (name, password, gid, members.Count));
    }

    [Fact, Trait("S", "S415"), Trait("S", "S426")]
    public void What_is_not_there_is_not_found_and_the_error_names_it()
    {
        Assert.Contains("54321", Assert.Throws<KeyNotFoundException>(() => Users.Get(54321u)).Message);
        Assert.Contains("'nosuchuser'", Assert.Throws<KeyNotFoundException>(() => Users.Get("nosuchuser")).Message);
        Assert.Contains("54321", Assert.Throws<KeyNotFoundException>(() => Groups.Get(54321u)).Message);
        Assert.Contains("'nosuchgroup'", Assert.Throws<KeyNotFoundException>(() => Groups.Get("nosuchgroup")).Message);
        Assert.Throws<KeyNotFoundException>(() => Users.Get(uint.MaxValue));
        Assert.Throws<KeyNotFoundException>(() => Groups.Get(uint.MaxValue));
        Assert.Throws<KeyNotFoundException>(() => Users.Get(""));
        Assert.Throws<KeyNotFoundException>(() => Groups.Get(""));
        Assert.Throws<KeyNotFoundException>(() => Groups.ForUser("nosuchuser"));
        Assert.Null(Users.Find(54321u));
        Assert.Null(Users.Find("nosuchuser"));
        Assert.Null(Groups.Find(54321u));
        Assert.Null(Groups.Find("nosuchgroup"));
        Assert.Throws<ArgumentException>(() => Users.Find("a\0b"));
        Assert.Throws<ArgumentException>(() => Groups.Find("a\0b"));
        Assert.Throws<ArgumentNullException>(() => Users.Get(null!));
        Assert.Throws<OverflowException>(() => Users.Get(checked((uint)long.Parse("4294967296"))));
    }

    [RootFact, Trait("S", "S427"), Trait("S", "S443")]
    public void Anybody_may_look_but_only_root_sees_the_hashes()
    {
        using TestProcess run = TestProcess.Run(
            "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", ChildProgram.Executable, "Accounts.Look"]);
        Assert.Equal("root\nTrue\nroot\nx\ngetspnam EACCES root\n", run.Stdout);
    }

    [Fact]
    public void The_groups_of_a_user_are_those_that_id_prints()
    {
        foreach (string user in Users.All().Select(user => user.Name).Take(8))
        {
            using TestProcess run = TestProcess.Run("/usr/bin/id", ["-G", user]);
            Assert.Equal(run.Stdout.Trim(), string.Join(' ', Groups.ForUser(user)));
        }

        Assert.Equal(77u, Groups.ForUser("nosuchuser", 77)[0]);
    }

    [PythonFact, Trait("S", "S422")]
    public void Users_and_groups_are_those_that_Python_gives()
    {
        string users = Python.Run("import pwd\nfor u in pwd.getpwall(): print(*u, sep='|')");
        string groups = Python.Run("import grp\nfor g in grp.getgrall(): print(g[0], g[1], g[2], ','.join(g[3]), sep='|')");
        Assert.Equal(users, string.Concat(Users.All().Select(user => Line(user).Replace(':', '|') + "\n")));
        Assert.Equal(groups, string.Concat(Groups.All().Select(group => $"{group.Name}|{group.Password}|{group.Gid}|{string.Join(',', group.Members)}\n")));
    }

    [Fact]
    public void Many_threads_may_list_and_look_at_once()
    {
        (int users, int groups) = (Users.All().Count, Groups.All().Count);
        Parallel.For(0, 64, i =>
        {
            Assert.Equal((users, groups), (Users.All().Count, Groups.All().Count));
            Assert.Equal("root", Users.Get(0u).Name);
        });
    }

    [NamespaceFact]
    public void Entries_of_any_size_and_in_any_bytes_are_read()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-etc-").FullName;
        try
        {
            string[] members = [.. Enumerable.Range(0, 10_000).Select(i => $"member{i}")];
            string many = string.Concat(Enumerable.Range(0, 200).Select(i => $"group{i}:x:{5000 + i}:big\n"));
            byte[] latin = Encoding.Latin1.GetBytes("latin:x:1002:1002:Ren\xe9:/:/bin/sh\n");
            File.WriteAllBytes(
                $"{directory}/passwd",
                [.. File.ReadAllBytes("/etc/passwd"), .. Encoding.UTF8.GetBytes($"big:x:1001:1001:{new string('g', 100_000)}:/:/bin/sh\nutf:x:1003:1003:René:/:/bin/sh\n"), .. latin]);
            File.WriteAllBytes(
                $"{directory}/group",
                [.. File.ReadAllBytes("/etc/group"), .. Encoding.UTF8.GetBytes($"big:x:1001:{string.Join(',', members)}\n"), .. Encoding.Latin1.GetBytes("latin:x:1002:ren\xe9\n"), .. Encoding.UTF8.GetBytes(many)]);
            File.WriteAllText($"{directory}/nsswitch.conf", "passwd: files\ngroup: files\n");
            using TestProcess run = InOtherEtc(directory, "Accounts.Show big latin utf nosuch");
            Assert.Equal(
                [
                    "True 100000 True long 10000 member9999 201", "True 4 True Ren<dce9> 1 ren<dce9> 1", "True 4 True Ren<e9>  - 1",
                    "False  False -  - 0", $"{Users.All().Count + 3} {Groups.All().Count + 202} 10000",
                ],
                run.Stdout.TrimEnd().Split('\n'));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [NamespaceFact]
    public void A_database_that_changes_between_two_calls_is_read_anew()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-etc-").FullName;
        try
        {
            File.Copy("/etc/passwd", $"{directory}/passwd");
            File.Copy("/etc/group", $"{directory}/group");
            File.WriteAllText($"{directory}/nsswitch.conf", "passwd: files\ngroup: files\n");
            using TestProcess run = InOtherEtc(directory, "Accounts.Changed");
            Assert.Equal("True\nNew,,,\n/nowhere\n", run.Stdout);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact, Trait("S", "S435")]
    public void GetUser_takes_the_first_variable_that_is_set_and_not_empty()
    {
        Dictionary<string, string?> variables = new() { ["LOGNAME"] = "a", ["USER"] = "b", ["LNAME"] = "c", ["USERNAME"] = "d" };
        Assert.Equal("a\n", Run());
        variables["LOGNAME"] = "";
        Assert.Equal("b\n", Run());
        variables["USER"] = null;
        Assert.Equal("c\n", Run());
        variables["LNAME"] = null;
        Assert.Equal("d\n", Run());
        variables["USERNAME"] = null;
        Assert.Equal($"{Users.Get(Os.GetUid()).Name}\n", Run());

        string Run()
        {
            using TestProcess run = TestProcess.Run(ChildProgram.Executable, ["Accounts.User"], environment: variables);
            return run.Stdout;
        }
    }

    [RootFact]
    public void A_real_password_of_a_real_user_is_checked_against_the_shadow_file()
    {
        using TestUser user = TestUser.Create("s\u00e9same ouvre toi");
        Assert.True(Users.CheckPassword(user.Name, "s\u00e9same ouvre toi"));
        Assert.False(Users.CheckPassword(user.Name, "sesame ouvre toi"));
        Assert.False(Users.CheckPassword(user.Name, ""));
        Assert.False(Users.CheckPassword("nosuchuser", ""));
        Assert.Equal("x", Users.Get(user.Name).Password);
        user.Lock();
        Assert.False(Users.CheckPassword(user.Name, "s\u00e9same ouvre toi"));
    }

    private static TestProcess InOtherEtc(string directory, string scenario)
    {
        string mount = string.Join(" && ", new[] { "passwd", "group", "nsswitch.conf" }.Select(file => $"mount --bind {directory}/{file} /etc/{file}"));
        return TestProcess.Run("/usr/bin/unshare", ["-m", "/bin/sh", "-c", $"{mount} && exec \"$0\" {scenario}", ChildProgram.Executable]);
    }

    private static string Line(UserEntry user) =>
        $"{user.Name}:{user.Password}:{user.Uid}:{user.Gid}:{user.Gecos}:{user.Directory}:{user.Shell}";
}
