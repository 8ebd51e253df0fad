using Gannet.Tool.Prompt.Showing;

namespace Gannet.Tests.Prompt;

/// <summary>Names of types that no input of a session declares.</summary>
public class TypeNameTests
{
    [Theory]
    [InlineData(typeof(Local<int>), "Local<int>")]
    [InlineData(typeof(OwnTask<int>), "OwnTask<int>")]
    [InlineData(typeof(Own.Inner), "TypeNameTests.Own.Inner")]
    [InlineData(typeof(Dictionary<string, List<int>>.Enumerator), "Dictionary<string, List<int>>.Enumerator")]
    [InlineData(typeof(List<>), "List<T>")]
    [InlineData(typeof(int?[][,]), "int?[][,]")]
    [InlineData(typeof(int*), "int*")]
    public void A_type_has_the_name_that_its_author_gave_it(Type type, string name) => Assert.Equal(name, TypeName.Of(type));

    [Fact]
    public void A_collection_of_the_compilers_making_has_the_name_of_what_it_is_used_as()
    {
        IReadOnlyList<string> made = ["a", .. Environment.GetCommandLineArgs()];
        Assert.Equal("IReadOnlyList<string>", TypeName.Of(made.GetType()));
    }

    private static class Own
    {
        public sealed class Inner;
    }
}

file sealed class Local<T>
{
    public T? Value { get; init; }
}

file sealed class OwnTask<T>(Func<T> work) : Task<T>(work);
