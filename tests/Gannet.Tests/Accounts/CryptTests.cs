using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Accounts;

public class CryptTests
{
    public static TheoryData<string, string, string> Known => new()
    {
        { "password", "ab", "abJnggxhB/yWI" },
        { "sesame", "ab", "abnqrLigH.z/s" },
        { "", "ab", "abmF1QH4PEr.E" },
        { "longer than eight", "ab", "abKuvfXyuH4Fw" },
        { "longer t", "ab", "abKuvfXyuH4Fw" },
        { "password", "$1$saltsalt", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/" },
        { "password", "$5$saltstring", "$5$saltstring$OH4IDuTlsuTYPdED1gsuiRMyTAwNlRWyA6Xr3I4/dQ5" },
        { "password", "$6$saltstring", "$6$saltstring$adDbXsJjcDlq2662QPgd.tkSOVmnG9Tt3oXl4HR60SusC3AGjirnDenVZp3DGwLwqy6iYKCzannhaX9DR72nN1" },
        { "password", "$6$rounds=5000$saltstring", "$6$rounds=5000$saltstring$adDbXsJjcDlq2662QPgd.tkSOVmnG9Tt3oXl4HR60SusC3AGjirnDenVZp3DGwLwqy6iYKCzannhaX9DR72nN1" },
        { "password", "$5$rounds=10000$saltstringsaltst", "$5$rounds=10000$saltstringsaltst$DnR6.aMZDwOMqtynA.o2eobA3dYZepULoyGw/CZ4ID0" },
        { "Hello world!", "$6$saltstring", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1" },
        { "Hello world!", "$5$saltstring", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5" },
        { "password", "$2b$05$abcdefghijklmnopqrstuu", "$2b$05$abcdefghijklmnopqrstuuWG29KuyeAicPCJODk1zjyGvyQUU2awu" },
        { "password", "$y$j9T$abcdefgh$", "$y$j9T$abcdefgh$79JhsKZwfY/UU2qrk3QcffpHl7EyEEJK0pA5pD1wu73" },
        { "password", "$7$CU..../....abcdefgh$", "$7$CU..../....abcdefgh$sWsarqbldvBJgryJJYHjYzc1J1T48nJOIdZfeQFpq2A" },
        { "password", "$gy$j9T$abcdefgh$", "$gy$j9T$abcdefgh$.GwBoGpO1hljbC.UGBPrJEXsOk0bsIPZHaK7VIVMDN/" },
        { "café", "$6$saltstring", "$6$saltstring$iTVOyjtaxCkzjzX4/IF3TKSgXVGPdwBocMjGZLhMrup2QtQX/Ntad2qG5WCpmGPws0LZ/SYOvfqld.s1MYdmx." },
        { "", "$6$saltstring", "$6$saltstring$kyGrqt6gmjAdtFLPrflEFifSYLCWWq1pyx95SvqinLDy2UHmj0sTF0MSLMwxPFZc3tu5kQckI8fks0zOPda3n1" },
        { "password", "$6$", "$6$$bLTg4cpho8PIUrjfsE7qlU08Qx2UEfw..xOc6I1wpGVtyVYToGrr7BzRdAAnEr5lYFr1Z9WcCf1xNZ1HG9qFW1" },
        { "password", "$6$saltstring$ignoredtail", "$6$saltstring$adDbXsJjcDlq2662QPgd.tkSOVmnG9Tt3oXl4HR60SusC3AGjirnDenVZp3DGwLwqy6iYKCzannhaX9DR72nN1" },
        { "password", "$3$$", "$3$$8846f7eaee8fb117ad06bdd830b7586c" },
        { "password", "_J9..rasm", "_J9..rasmEedsvB6g8/6" },
        { "password", "$1$", "$1$$I2o9Z7NcvQAKp7wyCTlia0" },
        { "password", "$1$longerthan8chars", "$1$longerth$P10FR4Vbod8MySfQGyo5R0" },
        { "password", "$sha1$40000$abcdefgh$", "$sha1$40000$abcdefgh$dwcDfOXpicLPRh8gah2pNoGgyIbG" },
    };

    [Theory, MemberData(nameof(Known)), Trait("S", "S436"), Trait("S", "S437"), Trait("S", "S438"), Trait("S", "S439"), Trait("S", "S440")]
    public void A_password_and_a_salt_give_the_known_hash(string password, string salt, string hash) =>
        Assert.Equal(hash, Crypt.Hash(password, salt));

    [Fact, Trait("S", "S439")]
    public void Every_vector_is_met_also_from_several_threads_at_once()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Accounts", "Vectors", "crypt.tsv"));
        Assert.NotEmpty(lines);
        Parallel.ForEach(lines, line =>
        {
            string[] fields = line.Split('\t');
            using Secret password = new(Convert.FromHexString(fields[0]));
            Assert.Equal(fields[2], Crypt.Hash(password, fields[1]));
            Assert.True(Crypt.Verify(password, fields[2]));
        });
    }

    [Theory, Trait("S", "S440")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("!!")]
    [InlineData("*")]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData("$6$rounds=10$short")]
    [InlineData("*0")]
    [InlineData("*1")]
    public void What_is_no_salt_is_an_error_and_verifies_nothing(string salt)
    {
        Assert.Equal("salt", Assert.Throws<ArgumentException>(() => Crypt.Hash("password", salt)).ParamName);
        Assert.False(Crypt.Verify("password", salt));
        Assert.False(Crypt.Verify(salt, salt));
        Assert.False(Crypt.Verify("", salt));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Crypt.Hash("a\0b", "$6$saltstring"));
        Assert.Throws<ArgumentException>(() => Crypt.Hash("a", "$6$salt\0string"));
        Assert.Throws<ArgumentNullException>(() => Crypt.Hash((string)null!, "ab"));
        Assert.Throws<ArgumentNullException>(() => Crypt.Hash("a", null!));
        Assert.Throws<ArgumentNullException>(() => Crypt.Verify("a", null!));
        Assert.Throws<ArgumentException>(() => { using Secret nul = new("a\0b"u8); Crypt.Hash(nul, "ab"); });
        Assert.Throws<ArgumentException>(() => Crypt.Hash(new string('x', 100_000), "$6$saltstring"));
        Secret disposed = Secret.FromText("a");
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Crypt.Hash(disposed, "ab"));
    }

    [Fact, Trait("S", "S441"), Trait("S", "S442")]
    public void The_salt_of_a_check_is_the_stored_hash_and_not_the_first_letters_typed()
    {
        const string stored = "abnqrLigH.z/s";
        Assert.NotEqual(stored, Crypt.Hash("sesame", "sesame"[..2]));
        Assert.NotEqual("x", Crypt.Hash("sesame", "sesame"[..2]));
        Assert.Equal(stored, Crypt.Hash("sesame", stored));
        Assert.True(Crypt.Verify("sesame", stored));
        Assert.False(Crypt.Verify("wrong", stored));
        Assert.False(Crypt.Verify("Sesame", stored));
    }

    [Theory]
    [InlineData(CryptMethod.Yescrypt, "$y$", 0)]
    [InlineData(CryptMethod.Yescrypt, "$y$", 1)]
    [InlineData(CryptMethod.GostYescrypt, "$gy$", 0)]
    [InlineData(CryptMethod.Scrypt, "$7$", 6)]
    [InlineData(CryptMethod.Bcrypt, "$2b$04$", 4)]
    [InlineData(CryptMethod.Sha512, "$6$", 0)]
    [InlineData(CryptMethod.Sha512, "$6$rounds=1234$", 1234)]
    [InlineData(CryptMethod.Sha256, "$5$", 0)]
    [InlineData(CryptMethod.Md5, "$1$", 0)]
    [InlineData(CryptMethod.Des, "", 0)]
    public void A_salt_of_each_method_is_new_each_time_and_makes_hashes(CryptMethod method, string prefix, int cost)
    {
        Assert.Contains(method, Crypt.Methods);
        string salt = Crypt.MakeSalt(method, cost);
        Assert.StartsWith(prefix, salt);
        Assert.NotEqual(salt, Crypt.MakeSalt(method, cost));
        string hash = Crypt.Hash("sesame", salt);
        Assert.True(Crypt.Verify("sesame", hash));
        Assert.False(Crypt.Verify("sesam", hash));
        Assert.False(Crypt.NeedsRehash(hash, method, cost));
    }

    [Theory]
    [InlineData(CryptMethod.Sha512, 5000)]
    [InlineData(CryptMethod.Sha256, 0)]
    [InlineData(CryptMethod.Md5, 0)]
    [InlineData(CryptMethod.Des, 0)]
    public void Where_libcrypt_makes_no_salts_they_are_made_here(CryptMethod method, int cost)
    {
        string salt = Crypt.MakeHere(method, cost)!;
        Assert.True(Crypt.Verify("sesame", Crypt.Hash("sesame", salt)));
        Assert.NotEqual(salt, Crypt.MakeHere(method, cost));
    }

    [Theory]
    [InlineData(CryptMethod.Sha512, 999)]
    [InlineData(CryptMethod.Sha256, 1_000_000_000)]
    [InlineData(CryptMethod.Bcrypt, 3)]
    [InlineData(CryptMethod.Bcrypt, 32)]
    [InlineData(CryptMethod.Yescrypt, 12)]
    [InlineData(CryptMethod.Md5, 1)]
    [InlineData(CryptMethod.Sha512, -1)]
    [InlineData((CryptMethod)99, 0)]
    public void A_cost_that_the_method_does_not_have_is_refused(CryptMethod method, int cost) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Crypt.MakeSalt(method, cost));

    [Fact]
    public void A_hash_of_another_method_or_cost_is_to_be_made_anew()
    {
        Assert.True(Crypt.NeedsRehash("abnqrLigH.z/s"));
        Assert.True(Crypt.NeedsRehash("$6$saltstring$adDb"));
        Assert.False(Crypt.NeedsRehash("$6$saltstring$adDb", CryptMethod.Sha512));
        Assert.False(Crypt.NeedsRehash("$6$rounds=5000$saltstring$adDb", CryptMethod.Sha512));
        Assert.True(Crypt.NeedsRehash("$6$rounds=5001$saltstring$adDb", CryptMethod.Sha512));
        Assert.True(Crypt.NeedsRehash("$2b$05$abcdefghijklmnopqrstuuWG29", CryptMethod.Bcrypt, 6));
        Assert.False(Crypt.NeedsRehash("$2b$05$abcdefghijklmnopqrstuuWG29", CryptMethod.Bcrypt, 5));
        Assert.True(Crypt.NeedsRehash("$2a$05$abcdefghijklmnopqrstuuWG29", CryptMethod.Bcrypt, 5));
        Assert.False(Crypt.NeedsRehash(Crypt.Hash("sesame")));
        Assert.True(Crypt.NeedsRehash("x"));
    }

    [NamespaceFact]
    public void Without_libcrypt_it_says_so()
    {
        const string script = "for file in /lib/*/libcrypt.so.? /usr/lib/*/libcrypt.so.?; do [ ! -e $file ] || mount --bind /dev/null $file; done; "
            + "exec \"$0\" Accounts.WithoutLibcrypt";
        using TestProcess run = TestProcess.Run("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script, ChildProgram.Executable]);
        Assert.Equal(
            Enumerable.Repeat("There is no libcrypt on this machine: neither libcrypt.so.2 nor libcrypt.so.1.", 4),
            run.Stdout.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_secret_is_wiped_and_does_not_show_itself()
    {
        Secret secret = Secret.FromText("sésame");
        ReadOnlySpan<byte> bytes = secret.AsSpan();
        Assert.Equal(Encoding.UTF8.GetBytes("sésame"), bytes.ToArray());
        Assert.Equal(("sésame", 7, "(secret)"), (secret.Reveal(), secret.Length, $"{secret}"));
        using Secret same = new(bytes), other = new("sesame"u8);
        Assert.True(secret.IsSame(same));
        Assert.False(secret.IsSame(other));
        secret.Dispose();
        Assert.All(bytes.ToArray(), value => Assert.Equal(0, value));
        Assert.Throws<ObjectDisposedException>(() => secret.AsSpan());
        Assert.Throws<ObjectDisposedException>(() => secret.Reveal());
    }

    [Fact]
    public void A_secret_grows_and_wipes_what_it_leaves()
    {
        using Secret secret = new();
        for (int i = 0; i < 1000; i++)
        {
            secret.Extend(1)[0] = (byte)(i % 251);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (byte)(i % 251)), secret.AsSpan().ToArray());
        secret.Truncate(10);
        Assert.Equal(10, secret.Length);
        Assert.Equal(0, secret.Extend(1)[0]);
    }
}
