using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gannet.StartupProfile;

/// <summary>
/// Writes a profile as crossgen2 reads it (.mibc): an assembly whose methods name other methods with <c>ldtoken</c>, a method for each set of
/// assemblies, and one that names those with their sets. Only methods of generic types and generic methods are of use: the others have their code
/// in the images of their own assemblies.
/// </summary>
internal sealed class ProfileWriter(StartupTrace trace) : IDisposable
{
    private const string CoreLibrary = "System.Private.CoreLib";

    private static readonly Dictionary<string, SignatureTypeCode> s_primitives = new(StringComparer.Ordinal)
    {
        ["Boolean"] = SignatureTypeCode.Boolean,
        ["Byte"] = SignatureTypeCode.Byte,
        ["Char"] = SignatureTypeCode.Char,
        ["Double"] = SignatureTypeCode.Double,
        ["Int16"] = SignatureTypeCode.Int16,
        ["Int32"] = SignatureTypeCode.Int32,
        ["Int64"] = SignatureTypeCode.Int64,
        ["IntPtr"] = SignatureTypeCode.IntPtr,
        ["Object"] = SignatureTypeCode.Object,
        ["SByte"] = SignatureTypeCode.SByte,
        ["Single"] = SignatureTypeCode.Single,
        ["String"] = SignatureTypeCode.String,
        ["UInt16"] = SignatureTypeCode.UInt16,
        ["UInt32"] = SignatureTypeCode.UInt32,
        ["UInt64"] = SignatureTypeCode.UInt64,
        ["UIntPtr"] = SignatureTypeCode.UIntPtr,
    };

    private readonly MetadataBuilder _metadata = new();
    private readonly Dictionary<ulong, ProfileModule?> _modules = [];
    private readonly Dictionary<string, EntityHandle> _assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<(ProfileModule, EntityHandle), EntityHandle> _types = [];
    private readonly SortedDictionary<string, InstructionEncoder> _groups = new(StringComparer.Ordinal);

    /// <summary>Adds a method; false when it is of no use, or can't be named.</summary>
    public bool TryAdd(TracedMethod method)
    {
        if (!trace.Types.TryGetValue(method.Type, out TracedType? owner) || Open(owner.Module) is not { } module)
        {
            return false;
        }

        TypeDefinitionHandle handle = (TypeDefinitionHandle)MetadataTokens.Handle(owner.Token);
        SortedSet<string> assemblies = new(StringComparer.Ordinal);
        BlobBuilder type = new(), arguments = new();
        bool isOfGenericType = module.Reader.GetTypeDefinition(handle).GetGenericParameters().Count > 0;
        if ((!isOfGenericType && method.Arguments.Count == 0)
            || (isOfGenericType && !TryWriteType(method.Type, type, assemblies))
            || !TryWriteArguments(method.Arguments, arguments, assemblies))
        {
            return false;
        }

        EntityHandle parent = isOfGenericType ? _metadata.AddTypeSpecification(_metadata.GetOrAddBlob(type)) : Name(module, handle);
        MethodDefinition definition = module.Reader.GetMethodDefinition((MethodDefinitionHandle)MetadataTokens.Handle(method.Token));
        EntityHandle token = _metadata.AddMemberReference(parent, Copy(module.Reader.GetString(definition.Name)), Signature(module, definition));
        if (method.Arguments.Count > 0)
        {
            token = _metadata.AddMethodSpecification(token, _metadata.GetOrAddBlob(arguments));
        }

        assemblies.Remove(module.Name);
        InstructionEncoder code = Group($"{module.Name};{string.Concat(assemblies.Select(name => name + ";"))}");
        code.OpCode(ILOpCode.Ldtoken);
        code.Token(token);
        code.OpCode(ILOpCode.Pop);
        return true;
    }

    public void Save(string path)
    {
        BlobBuilder bodies = new();
        MethodBodyStreamEncoder encoder = new(bodies);
        InstructionEncoder dictionary = new(new BlobBuilder());
        int count = 0;
        foreach ((string name, InstructionEncoder code) in _groups)
        {
            dictionary.LoadString(_metadata.GetOrAddUserString(name));
            dictionary.OpCode(ILOpCode.Ldtoken);
            dictionary.Token(AddMethod($"Assemblies_{++count}", code, encoder));
            dictionary.OpCode(ILOpCode.Pop);
        }

        AddMethod("AssemblyDictionary", dictionary, encoder);
        string profile = Path.GetFileNameWithoutExtension(path);
        _metadata.AddModule(0, Copy(profile), _metadata.GetOrAddGuid(Guid.Empty), encId: default, encBaseId: default);
        _metadata.AddAssembly(Copy(profile), new Version(0, 0, 0, 0), culture: default, publicKey: default, flags: default, AssemblyHashAlgorithm.None);
        _metadata.AddTypeDefinition(default, @namespace: default, Copy("<Module>"), baseType: default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

        BlobBuilder file = new();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), bodies).Serialize(file);
        using FileStream stream = File.Create(path);
        file.WriteContentTo(stream);
    }

    public void Dispose()
    {
        foreach (ProfileModule? module in _modules.Values)
        {
            module?.Dispose();
        }
    }

    // Null for what lies in no file: what was typed, for instance.
    private ProfileModule? Open(ulong id)
    {
        if (!_modules.TryGetValue(id, out ProfileModule? module))
        {
            module = trace.Modules.TryGetValue(id, out string? path) && File.Exists(path) ? new ProfileModule(path) : null;
            _modules.Add(id, module);
        }

        return module;
    }

    private StringHandle Copy(string text) => _metadata.GetOrAddString(text);

    private InstructionEncoder Group(string name)
    {
        if (!_groups.TryGetValue(name, out InstructionEncoder code))
        {
            code = new InstructionEncoder(new BlobBuilder());
            _groups.Add(name, code);
        }

        return code;
    }

    private MethodDefinitionHandle AddMethod(string name, InstructionEncoder code, MethodBodyStreamEncoder bodies)
    {
        BlobBuilder signature = new();
        new BlobEncoder(signature).MethodSignature().Parameters(0, result => result.Void(), _ => { });
        code.OpCode(ILOpCode.Ret);
        return _metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, Copy(name), _metadata.GetOrAddBlob(signature), bodies.AddMethodBody(code), MetadataTokens.ParameterHandle(1));
    }

    private BlobHandle Signature(ProfileModule module, MethodDefinition method)
    {
        BlobBuilder signature = new();
        BlobReader reader = module.Reader.GetBlobReader(method.Signature);
        new SignatureCopier(type => Name(module, type)).CopyMethod(ref reader, signature);
        return _metadata.GetOrAddBlob(signature);
    }

    private bool TryWriteArguments(IReadOnlyList<ulong> types, BlobBuilder to, SortedSet<string> assemblies)
    {
        to.WriteByte((byte)SignatureKind.MethodSpecification);
        to.WriteCompressedInteger(types.Count);
        return types.All(type => TryWriteType(type, to, assemblies));
    }

    private bool TryWriteType(ulong id, BlobBuilder to, SortedSet<string> assemblies)
    {
        if (!trace.Types.TryGetValue(id, out TracedType? type))
        {
            return false;
        }

        if (type.Element == (byte)SignatureTypeCode.SZArray)
        {
            to.WriteByte(type.Element);
            return TryWriteType(type.Arguments[0], to, assemblies);
        }

        return type.Element != (byte)SignatureTypeCode.Array && type.Token != 0 && Open(type.Module) is { } module && TryWriteDefined(type, module, to, assemblies);
    }

    private bool TryWriteDefined(TracedType type, ProfileModule module, BlobBuilder to, SortedSet<string> assemblies)
    {
        TypeDefinitionHandle handle = (TypeDefinitionHandle)MetadataTokens.Handle(type.Token);
        TypeDefinition definition = module.Reader.GetTypeDefinition(handle);
        if (module.Name == CoreLibrary && module.NamespaceOf(definition) == "System" && s_primitives.TryGetValue(module.NameOf(definition), out SignatureTypeCode code))
        {
            to.WriteByte((byte)code);
            return true;
        }

        assemblies.Add(module.Name);
        if (type.Arguments.Count > 0)
        {
            to.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
        }

        to.WriteByte((byte)(module.IsValueType(definition) ? SignatureTypeKind.ValueType : SignatureTypeKind.Class));
        to.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(Name(module, handle)));
        if (type.Arguments.Count > 0)
        {
            to.WriteCompressedInteger(type.Arguments.Count);
        }

        return type.Arguments.All(argument => TryWriteType(argument, to, assemblies));
    }

    /// <summary>What names a type of a module in the profile.</summary>
    private EntityHandle Name(ProfileModule module, EntityHandle type)
    {
        if (!_types.TryGetValue((module, type), out EntityHandle name))
        {
            name = type.Kind == HandleKind.TypeDefinition
                ? NameDefined(module, module.Reader.GetTypeDefinition((TypeDefinitionHandle)type))
                : NameReferred(module, module.Reader.GetTypeReference((TypeReferenceHandle)type));
            _types.Add((module, type), name);
        }

        return name;
    }

    private TypeReferenceHandle NameDefined(ProfileModule module, TypeDefinition type) => _metadata.AddTypeReference(
        type.IsNested ? Name(module, type.GetDeclaringType()) : Assembly(module.Reader.GetAssemblyDefinition().GetAssemblyName()),
        Copy(module.NamespaceOf(type)),
        Copy(module.NameOf(type)));

    private TypeReferenceHandle NameReferred(ProfileModule module, TypeReference type) => _metadata.AddTypeReference(
        type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Name(module, type.ResolutionScope)
            : Assembly(module.Reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).GetAssemblyName()),
        Copy(module.Reader.GetString(type.Namespace)),
        Copy(module.Reader.GetString(type.Name)));

    private EntityHandle Assembly(AssemblyName assembly)
    {
        string name = assembly.Name!;
        if (!_assemblies.TryGetValue(name, out EntityHandle reference))
        {
            reference = _metadata.AddAssemblyReference(Copy(name), assembly.Version!, culture: default, publicKeyOrToken: default, flags: default, hashValue: default);
            _assemblies.Add(name, reference);
        }

        return reference;
    }
}
