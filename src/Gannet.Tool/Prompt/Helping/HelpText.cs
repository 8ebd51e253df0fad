using System.Text;
using System.Xml.Linq;
using Gannet.Tool.Prompt.Evaluating;
using Gannet.Tool.Prompt.Showing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>What <c>help</c> and <c>dir</c> have to say.</summary>
internal sealed class HelpText(InputCompiler compiler)
{
    private const int MostColumns = 100;
    private const int MostMembers = 200;
    private const string Indent = "    ";

    private static readonly SymbolDisplayFormat s_signature = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static int Columns => Math.Min(MostColumns, TerminalKind.Columns);

    /// <summary>How to use the prompt.</summary>
    public static string Overview => """
        Type C#. The value of an expression without a semicolon is shown and kept in _; an input goes on until it is complete.

            help(x)     what is known of a type, a member or a namespace:  help(Os.Kill)  help(Command)
            dir(x)      the names of its members; dir() the session's own
            exit()      the end, also Ctrl-D; exit(3) ends with status 3
            #r "x"      uses an assembly, by its path or by a name on Sys.Path;  #load "x.cs" runs a file
            await x     may stand at the top

        Tab completes, Ctrl-R searches what was typed, Alt-Enter begins a new line, Ctrl-C interrupts.
        """;

    /// <summary>What there is to know about an expression, a type, a member or a namespace; null when only its value can tell.</summary>
    public string? About(string expression) => Describe(Find(expression));

    /// <summary>What there is to know about a value: what a text names, and else its type.</summary>
    public string AboutValue(object value)
    {
        if (value is string name && Describe(FindName(name)) is { } text)
        {
            return text;
        }

        Type type = value as Type ?? value.GetType();
        Compilation compilation = compiler.Understand("").Model.Compilation;
        return SymbolOf(type, compilation) is { } symbol ? Describe(symbol, compilation) : $"Nothing is known about {TypeName.Of(type)}.";
    }

    /// <summary>The names of what a namespace has; null when something else is asked about.</summary>
    public List<string>? Members(string expression) =>
        FindName(expression).Symbols is [INamespaceSymbol container] ? Names(Public(container)) : null;

    /// <summary>A call as it can be run: a type is a value by its <c>typeof</c>, and what is dynamic is one by a cast, since a call with it would be
    /// taken for one with a result.</summary>
    public string AsInput(HelpCall call, string text)
    {
        if (call.Argument is not { } argument)
        {
            return text;
        }

        if (FindName(argument).Symbols is [ITypeSymbol type, ..])
        {
            return $"{call.Name}(typeof({Written(type)}))";
        }

        (SemanticModel model, SyntaxTree tree, _) = compiler.Understand(argument);
        return InputText.FindValue(tree) is { } node && model.GetTypeInfo(node).Type is IDynamicTypeSymbol ? $"{call.Name}((object)({argument}))" : text;
    }

    /// <summary>What the session has declared.</summary>
    public List<string> Declared() => Names(Links().SelectMany(link => link.ScriptClass!.GetMembers().Where(member => !member.IsImplicitlyDeclared)));

    private IEnumerable<Compilation> Links()
    {
        for (Compilation? link = compiler.Last; link is not null; link = link.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            yield return link;
        }
    }

    private (SemanticModel Model, List<ISymbol> Symbols) Find(string expression)
    {
        if (FindName(expression) is { Symbols.Count: > 0 } named)
        {
            return named;
        }

        (SemanticModel model, SyntaxTree tree, _) = compiler.Understand(expression);
        ExpressionSyntax? node = InputText.FindValue(tree);
        return node is LiteralExpressionSyntax { Token.Value: string name } && FindName(name) is { Symbols.Count: > 0 } quoted
            ? quoted
            : (model, node is not null && model.GetTypeInfo(node).Type is { } type && !IsVague(type) ? [type] : []);
    }

    // What can't stand for a value, "int" and "System.Collections.Generic" among it, may still be a name.
    private (SemanticModel Model, List<ISymbol> Symbols) FindName(string text)
    {
        (SemanticModel model, SyntaxTree tree, _) = compiler.Understand(text);
        return Named(model, InputText.FindValue(tree)) is { Count: > 0 } symbols ? (model, symbols) : FindType(text);
    }

    private (SemanticModel Model, List<ISymbol> Symbols) FindType(string name)
    {
        (SemanticModel model, SyntaxTree tree, _) = compiler.Understand($"typeof({name})");
        return (model, Named(model, InputText.FindValue(tree)));
    }

    /// <summary>What an expression names; nothing for one that computes something.</summary>
    private static List<ISymbol> Named(SemanticModel model, ExpressionSyntax? node)
    {
        node = node is TypeOfExpressionSyntax question ? question.Type : node;
        if (node is not (TypeSyntax or MemberAccessExpressionSyntax))
        {
            return [];
        }

        SymbolInfo info = model.GetSymbolInfo(node);
        List<ISymbol> symbols = info.Symbol is { } only ? [only] : [.. info.CandidateSymbols];
        return symbols.Count == 0 ? [.. model.GetMemberGroup(node)] : symbols.FindAll(symbol => !IsVagueVariable(symbol));
    }

    private static bool IsVagueVariable(ISymbol symbol) => symbol.ContainingType is { IsScriptClass: true } && symbol is IFieldSymbol { Type: var type } && IsVague(type);

    // Of which a value tells more: it may be of any type, or is one itself. That of nothing is none.
    private static bool IsVague(ITypeSymbol type) =>
        type is { SpecialType: SpecialType.System_Object or SpecialType.System_Void } or { TypeKind: TypeKind.Dynamic or TypeKind.Error }
        || type.ToDisplayString() == typeof(Type).FullName;

    /// <summary>The compiler's idea of a type; that of the one it derives from when it is nobody's to use. Null when there is none but object.</summary>
    private INamedTypeSymbol? SymbolOf(Type type, Compilation compilation)
    {
        // A type parameter has none.
        string? name = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName;
        return (name is null ? null : OfSession(type)?.GetTypeByMetadataName(name) ?? compilation.GetTypeByMetadataName(name))
            ?? (type.BaseType is { } parent && parent != typeof(object) ? SymbolOf(parent, compilation) : null);
    }

    // The input that a type was declared in; its name may mean another one by now.
    private IAssemblySymbol? OfSession(Type type) =>
        Links().Select(link => link.Assembly).FirstOrDefault(assembly => InputContext.Holds(type.Assembly) && assembly.Name == type.Assembly.GetName().Name);

    private static string Written(ITypeSymbol type) =>
        (type is INamedTypeSymbol { IsGenericType: true, IsDefinition: true } generic ? generic.ConstructUnboundGenericType() : type)
        .ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        ITypeSymbol type => type,
        _ => null,
    };

    private static string? Describe((SemanticModel Model, List<ISymbol> Symbols) found) => found.Symbols.Count == 0
        ? null
        : string.Join("\n\n", found.Symbols.Select(symbol => Describe(symbol, found.Model.Compilation)));

    private static string Describe(ISymbol symbol, Compilation compilation)
    {
        StringBuilder text = new();
        text.Append(Kind(symbol)).Append(symbol.ToDisplayString(s_signature)).Append('\n');
        XElement? documentation = Documentation.Find(symbol, compilation);
        if (documentation is not null)
        {
            AppendDocumentation(text, documentation);
        }

        if (symbol is INamespaceOrTypeSymbol container)
        {
            AppendMembers(text, container, compilation);
        }
        else if (documentation is null && symbol.ContainingType is { IsScriptClass: true } && TypeOf(symbol) is { } type)
        {
            // A variable of the session is asked for what it holds.
            text.Append('\n').Append(Describe(type, compilation));
        }

        return text.ToString().TrimEnd();
    }

    private static string Kind(ISymbol symbol) => symbol switch
    {
        INamespaceSymbol => "namespace ",
        ITypeSymbol type => $"{(type.IsStatic ? "static " : "")}{type.TypeKind.ToString().ToLowerInvariant()} ",
        _ => symbol.IsStatic ? "static " : "",
    };

    private static void AppendDocumentation(StringBuilder text, XElement documentation)
    {
        foreach (XElement part in documentation.Elements())
        {
            string title = part.Name.LocalName switch
            {
                "param" or "typeparam" => $"{part.Attribute("name")?.Value}: ",
                "returns" or "value" => "Returns: ",
                "exception" => $"Throws {part.Attribute("cref")?.Value.Split('.', ':')[^1]}: ",
                "summary" or "remarks" => "",
                _ => null!,
            };
            if (title is not null)
            {
                string content = string.Join('\n', Documentation.Paragraphs(part));
                foreach (string paragraph in (title + content).Split('\n').Where(line => line.Length > 0))
                {
                    Wrap(text, paragraph);
                }
            }
        }
    }

    private static void AppendMembers(StringBuilder text, INamespaceOrTypeSymbol container, Compilation compilation)
    {
        text.Append('\n');
        int columns = Columns;
        foreach (IGrouping<string, ISymbol> group in Public(container).GroupBy(member => member.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Take(MostMembers))
        {
            string summary = Documentation.SummaryLine(group.First(), compilation) is { } line ? "  " + line : "";
            string row = $"{Indent}{group.Key}{summary}";
            text.Append(row.Length > columns ? row[..Math.Max(columns - 3, 0)] + "..." : row).Append('\n');
        }
    }

    private static IEnumerable<ISymbol> Public(INamespaceOrTypeSymbol container) => container.GetMembers()
        .Where(member => member.CanBeReferencedByName && !member.IsImplicitlyDeclared
            && (member is INamespaceSymbol || member.DeclaredAccessibility is Accessibility.Public));

    private static List<string> Names(IEnumerable<ISymbol> symbols) =>
        [.. symbols.Where(symbol => symbol.CanBeReferencedByName).Select(symbol => symbol.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void Wrap(StringBuilder text, string paragraph)
    {
        int columns = Columns;
        int column = 0;
        foreach (string word in paragraph.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > columns)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column == 0 ? Indent : " ").Append(word);
            column += (column == 0 ? Indent.Length : 1) + word.Length;
        }

        text.Append('\n');
    }
}
