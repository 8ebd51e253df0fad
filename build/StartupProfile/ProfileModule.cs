using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Gannet.StartupProfile;

/// <summary>A module that a profile speaks of.</summary>
internal sealed class ProfileModule : IDisposable
{
    private readonly PEReader _file;

    public ProfileModule(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        Reader = _file.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
    }

    public MetadataReader Reader { get; }

    /// <summary>Its assembly's name.</summary>
    public string Name { get; }

    public string NamespaceOf(TypeDefinition type) => Reader.GetString(type.Namespace);

    public string NameOf(TypeDefinition type) => Reader.GetString(type.Name);

    public bool IsValueType(TypeDefinition type)
    {
        string? parent = type.BaseType.Kind switch
        {
            HandleKind.TypeReference when Reader.GetTypeReference((TypeReferenceHandle)type.BaseType) is var name =>
                $"{Reader.GetString(name.Namespace)}.{Reader.GetString(name.Name)}",
            HandleKind.TypeDefinition when !type.BaseType.IsNil && Reader.GetTypeDefinition((TypeDefinitionHandle)type.BaseType) is var definition =>
                $"{NamespaceOf(definition)}.{NameOf(definition)}",
            _ => null,
        };
        return parent is "System.Enum" || (parent is "System.ValueType" && !(NamespaceOf(type) == "System" && NameOf(type) == "Enum"));
    }

    public void Dispose() => _file.Dispose();
}
