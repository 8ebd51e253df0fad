namespace Gannet;

/// <summary>How a password is hashed; the salt says it by its beginning. Which of them there are is for the machine's libcrypt to say:
/// <see cref="Crypt.Methods"/>. Source: crypt(5).</summary>
public enum CryptMethod
{
    /// <summary><c>$y$</c>: yescrypt, which takes memory as well as time. What current distributions use.</summary>
    Yescrypt,

    /// <summary><c>$gy$</c>: yescrypt with the Russian standard hash.</summary>
    GostYescrypt,

    /// <summary><c>$7$</c>: scrypt.</summary>
    Scrypt,

    /// <summary><c>$2b$</c>: bcrypt, of the first 72 bytes. Its cost is a power of two, 4 to 31.</summary>
    Bcrypt,

    /// <summary><c>$6$</c>: SHA-512, in 1,000 to 999,999,999 rounds; 5,000 unless said otherwise.</summary>
    Sha512,

    /// <summary><c>$5$</c>: SHA-256, as <see cref="Sha512"/>.</summary>
    Sha256,

    /// <summary><c>$1$</c>: MD5 in 1,000 rounds. Weak; only to read what is old.</summary>
    Md5,

    /// <summary>Two letters: DES, of the first eight letters of the password. Broken; only to read what is old.</summary>
    Des,
}
