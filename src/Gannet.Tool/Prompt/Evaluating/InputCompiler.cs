using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// Compiles inputs, each against those that have declared something before it. Only these become links of the chain, so that looking something
/// up stays quick however long a session is; what an input imports stays as well.
/// </summary>
internal sealed class InputCompiler
{
    private const string UnknownName = "CS0103";

    private readonly LoadedInputs _loaded;
    private readonly FileReferences _files;
    private readonly FrameworkReferences _references = new();
    private readonly CSharpCompilationOptions _options;
    private readonly CSharpCompilationOptions _lastingOptions;

    // The end of the chain, and whether it has every assembly of the framework in scope.
    private CSharpCompilation? _last;
    private bool _lastHasAll;
    private int _links;

    // What the next input is compiled in: everything but its text. It is kept, because the compiler's knowledge of the references is.
    private CSharpCompilation _next;
    private bool _hasAll;

    // The same with every assembly, for an input that the first ones are not enough for; null until there is one.
    private CSharpCompilation? _nextWithAll;

    // The type of the last value, for an input that says "_"; null when there was none. Few say it, so it is found out then.
    private Func<ITypeSymbol?>? _lastValueType;

    public InputCompiler(LoadedInputs loaded)
    {
        _loaded = loaded;
        _files = new FileReferences(loaded, _references);
        _options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            usings: ImpliedNames.Usings,
            optimizationLevel: OptimizationLevel.Debug,
            allowUnsafe: true,
            // An input is too small to be divided.
            concurrentBuild: false,
            nullableContextOptions: NullableContextOptions.Annotations,
            metadataReferenceResolver: _files,
            sourceReferenceResolver: new FileSources());
        _lastingOptions = _options.WithOptimizationLevel(OptimizationLevel.Release);
        _next = Following(hasAll: false);
    }

    /// <summary>The last input that stays; null when there is none.</summary>
    public Compilation? Last => _last;

    private CSharpCompilation NextWithAll => _hasAll ? _next : _nextWithAll ??= Following(hasAll: true);

    /// <summary>What completion and help ask: this text, as the next input.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">A place in it, -1 for none; a name that begins there is left as it is.</param>
    /// <returns>What the compiler knows, and where the place is in the tree.</returns>
    public (SemanticModel Model, SyntaxTree Tree, int Place) Understand(string text, int place = -1)
    {
        text = UsingDeclarations.MakeOrdinary(FileTypes.Rewrite(text));
        SyntaxTree tree = InputText.Parse(text);
        CSharpCompilation compilation = NextWithAll.AddSyntaxTrees(tree);
        if (_lastValueType is not null && UsesLastValue(compilation, CancellationToken.None).FindAll(use => use.Start != place) is { Count: > 0 } uses)
        {
            SyntaxTree rewritten = InputText.Parse(WithLastValue(text, uses, _lastValueType(), compilation.GetSemanticModel(tree)));
            // Each of them has become longer by as much.
            place += uses.Count(use => use.End <= place) * (rewritten.Length - tree.Length) / uses.Count;
            compilation = compilation.ReplaceSyntaxTree(tree, rewritten);
            tree = rewritten;
        }

        return (compilation.GetSemanticModel(tree), tree, place);
    }

    /// <summary>Compiles an input and loads it. It becomes part of the session with <see cref="Keep"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">What traces and error messages call it.</param>
    /// <param name="cancellationToken">Ends it where the compiler looks at it; nothing has happened then.</param>
    /// <exception cref="InputException">It has errors.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Input Compile(string text, string path, CancellationToken cancellationToken = default)
    {
        text = UsingDeclarations.Rewrite(FileTypes.Rewrite(text));
        SyntaxTree typed = InputText.Parse(text, path);
        if (!_hasAll && !InputText.BringsNamesIntoScope(typed))
        {
            try
            {
                return Compile(text, typed, _next, cancellationToken);
            }
            catch (InputException)
            {
                // It may need what the first assemblies do not have. If it is wrong all the same, that is told below.
            }
        }

        Input input = Compile(text, typed, NextWithAll, cancellationToken);
        // What has been needed once is needed again.
        (_next, _hasAll, _nextWithAll) = (NextWithAll, true, null);
        return input;
    }

    private Input Compile(string text, SyntaxTree typed, CSharpCompilation next, CancellationToken cancellationToken)
    {
        string path = typed.FilePath;
        bool declares = InputText.HasDeclaration(typed);
        CSharpCompilation compilation = (declares ? next.WithOptions(_lastingOptions) : next).AddSyntaxTrees(typed);
        if (_lastValueType is not null && UsesLastValue(compilation, cancellationToken) is { Count: > 0 } places)
        {
            compilation = compilation.ReplaceSyntaxTree(
                typed, InputText.Parse(WithLastValue(text, places, _lastValueType(), compilation.GetSemanticModel(typed)), path));
        }

        List<ISymbol> declared = [.. compilation.ScriptClass!.GetMembers().Where(member => !member.IsImplicitlyDeclared && member.CanBeReferencedByName)];
        declares |= declared.Count > 0;
        if (declares && !ReferenceEquals(compilation.Options, _lastingOptions))
        {
            // What stays may be called often. The rest runs once, and its lines and those that it calls shall stand in its traces.
            compilation = compilation.WithOptions(_lastingOptions);
        }

        Func<object?[], Task<object?>>? run;
        try
        {
            run = Load(compilation, declares, cancellationToken);
        }
        catch (InputException) when (HeapValue.TryRewrite(compilation, out CSharpCompilation? rewritten))
        {
            compilation = rewritten;
            run = Load(compilation, declares, cancellationToken);
        }

        return new Input(run, declares, declared is [IFieldSymbol], InputText.FindValue(compilation.SyntaxTrees[^1]), compilation);
    }

    /// <summary>Notes that the last value is that of this input; null for one whose type is found out when it is used.</summary>
    public void KeepValue(Input? input) => _lastValueType = input is { Value: { } value, Compilation: { } compilation }
        ? () => compilation.GetSemanticModel(value.SyntaxTree).GetTypeInfo(value).Type
        : () => null;

    /// <summary>Makes what an input declares known to those after it.</summary>
    public void Keep(Input input)
    {
        _links++;
        (_last, _lastHasAll) = (input.Compilation, _hasAll);
        (_next, _nextWithAll) = (Following(_hasAll), null);
    }

    /// <summary>Leaves an input that declares out of the session. It has been loaded, and the next one must not be called as it is.</summary>
    public void Drop()
    {
        _links++;
        (_next, _nextWithAll) = (_next.WithAssemblyName(NextName), null);
    }

    private string NextName => $"prompt-{_links + 1}";

    // References are inherited, and would be kept in each link once more.
    private CSharpCompilation Following(bool hasAll) => CSharpCompilation.CreateScriptCompilation(
        NextName, syntaxTree: null, NewReferences(hasAll), _options, _last, returnType: null, globalsType: typeof(PromptGlobals));

    private IEnumerable<MetadataReference> NewReferences(bool hasAll) =>
        (_last is null ? _references.First : []).Concat(hasAll && !_lastHasAll ? _references.Rest : []);

    // A name "_" that nothing has: a discard is none, nor is a parameter or a variable of that name.
    private static List<TextSpan> UsesLastValue(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        // Behind those that it loads.
        SyntaxTree tree = compilation.SyntaxTrees[^1];
        bool mayUse = tree.GetRoot(cancellationToken).DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == "_");
        return mayUse
            ? [.. compilation.GetSemanticModel(tree).GetDiagnostics(cancellationToken: cancellationToken)
                .Where(error => error.Id == UnknownName && tree.GetText(cancellationToken).ToString(error.Location.SourceSpan) == "_")
                .Select(error => error.Location.SourceSpan)
                .Distinct()]
            : [];
    }

    private static string WithLastValue(string text, List<TextSpan> places, ITypeSymbol? type, SemanticModel model)
    {
        string name = type is { SpecialType: not SpecialType.System_Object } && CanBeWritten(type, model)
            ? type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
            : "dynamic";
        SourceText source = SourceText.From(text);
        return source.WithChanges(places.Order().Select(place => new TextChange(place, $"(({name}){nameof(PromptGlobals.__last)})"))).ToString();
    }

    // Not an anonymous type, wherever it is in it, nor one of the session whose name means another one by now.
    private static bool CanBeWritten(ITypeSymbol type, SemanticModel model) => type switch
    {
        IArrayTypeSymbol array => CanBeWritten(array.ElementType, model),
        INamedTypeSymbol named => named is { IsAnonymousType: false, TypeKind: not TypeKind.Error }
            && named.TypeArguments.All(argument => CanBeWritten(argument, model))
            && named.ContainingType switch
            {
                null => true,
                { IsScriptClass: true } => model.LookupNamespacesAndTypes(0, container: null, named.Name).Contains(named.OriginalDefinition, SymbolEqualityComparer.Default),
                var outer => CanBeWritten(outer, model),
            },
        _ => false,
    };

    private Func<object?[], Task<object?>>? Load(CSharpCompilation compilation, bool declares, CancellationToken cancellationToken)
    {
        using MemoryStream assembly = new(), symbols = new();
        EmitResult result = compilation.Emit(
            assembly,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellationToken);
        if (!result.Success)
        {
            List<Diagnostic> errors = [.. result.Diagnostics.Where(error => error.Severity is DiagnosticSeverity.Error).OrderBy(error => error.Location.SourceSpan.Start)];
            if (errors.Count > 0)
            {
                throw new InputException(errors);
            }
        }

        _files.Take(compilation);
        if (!result.Success)
        {
            // There was nothing to compile: a using, for instance.
            return null;
        }

        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;

        assembly.Position = symbols.Position = 0;
        MethodInfo factory = _loaded.Load(assembly, symbols, declares)
            .GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return factory.CreateDelegate<Func<object?[], Task<object?>>>();
    }
}
