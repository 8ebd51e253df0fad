using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// A descriptor that stands for something else until this is disposed; see <see cref="Sys.Redirect(int, string, bool)"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorRedirect : IDisposable
{
    private readonly int _fd;
    private readonly int _flags;

    // Null: the descriptor was closed before.
    private readonly SafeFileHandle? _saved;
    private readonly IDisposable? _stream;
    private int _disposed;

    /// <summary>Redirects <paramref name="fd"/>, which has passed <see cref="Check"/>.</summary>
    public DescriptorRedirect(int fd, SafeHandle target)
    {
        _fd = fd;
        _flags = Libc.IsCloseOnExec(fd) is true ? Libc.O_CLOEXEC : 0;
        Sys.KeepOriginals();
        Sys.FlushOutput();
        _saved = Libc.DuplicateAway(fd);
        try
        {
            Replace(target);
        }
        catch
        {
            _saved?.Dispose();
            throw;
        }

        _stream = Sys.FollowDescriptor(fd);
    }

    /// <summary>Refuses a number that can't be a descriptor, before anything is opened or emptied.</summary>
    /// <exception cref="OsException">EBADF.</exception>
    public static void Check(int fd)
    {
        if (fd < 0 || (ulong)fd >= Libc.DescriptorLimit())
        {
            throw new OsException(Errno.EBADF, "dup2");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Sys.FlushOutput();
            _stream?.Dispose();
            Restore();
        }
    }

    private void Replace(SafeHandle target)
    {
        bool counted = false;
        try
        {
            target.DangerousAddRef(ref counted);
            Libc.Dup3((int)target.DangerousGetHandle(), _fd, _flags);
        }
        finally
        {
            if (counted)
            {
                target.DangerousRelease();
            }
        }
    }

    private void Restore()
    {
        if (_saved is null)
        {
            Libc.Close(_fd);
            return;
        }

        using (_saved)
        {
            Libc.Dup3((int)_saved.DangerousGetHandle(), _fd, _flags);
        }
    }
}
