using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gannet;

/// <summary>A method that takes a message, which is passed as JSON.</summary>
/// <param name="Name">What it is called in an order.</param>
/// <param name="Called">The method.</param>
/// <param name="Type">How messages are written and read.</param>
internal sealed record MessageMethod<T>(string Name, Func<T, int> Called, JsonTypeInfo<T> Type)
    : SelfMethod(Name, Called, message => Called(JsonSerializer.Deserialize(message!, Type)!))
{
    /// <summary>A message as text.</summary>
    public string Write(T message) => JsonSerializer.Serialize(message, Type);
}
