namespace Gannet.Tests.Interop;

public class OsExceptionTests
{
    [Fact]
    public void The_message_names_the_operation_the_path_the_text_and_the_errno() =>
        Assert.Equal("execvp 'nothing': No such file or directory (ENOENT)", new OsException(Errno.ENOENT, "execvp", "nothing").Message);

    [Fact]
    public void Without_a_path_the_message_names_the_operation_alone() =>
        Assert.Equal("setsid: Operation not permitted (EPERM)", new OsException(Errno.EPERM, "setsid").Message);

    [Theory]
    [InlineData(11, "EAGAIN")]
    [InlineData(35, "EDEADLK")]
    [InlineData(95, "EOPNOTSUPP")]
    public void An_errno_with_two_names_is_told_by_the_usual_one(int errno, string name) =>
        Assert.EndsWith($"({name})", new OsException((Errno)errno, "x").Message);

    [Fact]
    public void An_unknown_number_is_told_as_a_number() =>
        Assert.EndsWith("(errno 4095)", new OsException((Errno)4095, "x").Message);

    [Fact]
    public void The_parts_are_kept()
    {
        OsException error = new(Errno.EACCES, "open", "/x");
        Assert.Equal((Errno.EACCES, "open", "/x"), (error.Errno, error.Operation, error.Path));
        Assert.IsAssignableFrom<IOException>(error);
    }
}
