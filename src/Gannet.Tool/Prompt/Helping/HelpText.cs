using System.Text;
using System.Xml.Linq;
using Gannet.Tool.Prompt.Evaluating;
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

    /// <summary>What there is to know about an expression, a type, a member or a namespace; null when nobody knows it.</summary>
    public string? About(string expression)
    {
        (SemanticModel model, List<ISymbol> symbols) = Find(expression);
        return symbols.Count == 0 ? null : string.Join("\n\n", symbols.Select(symbol => Describe(symbol, model.Compilation)));
    }

    /// <summary>The names of the members of what an expression stands for; null when nobody knows it.</summary>
    public List<string>? Members(string expression)
    {
        (SemanticModel model, List<ISymbol> symbols) = Find(expression);
        if (symbols.FirstOrDefault() is not { } symbol)
        {
            return null;
        }

        bool isValue = symbol is not INamespaceOrTypeSymbol;
        INamespaceOrTypeSymbol? container = symbol as INamespaceOrTypeSymbol ?? TypeOf(symbol);
        return container is null ? [] : Names(Reachable(model, container).Where(member => isValue ? !member.IsStatic : true));
    }

    /// <summary>What the session has declared.</summary>
    public List<string> Declared()
    {
        List<string> names = [];
        for (Compilation? link = compiler.Last; link is not null; link = link.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            names.AddRange(Names(link.ScriptClass!.GetMembers().Where(member => !member.IsImplicitlyDeclared)));
        }

        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private (SemanticModel Model, List<ISymbol> Symbols) Find(string expression)
    {
        (SemanticModel model, SyntaxTree tree) = compiler.Understand(expression);
        if (InputText.FindValue(tree) is not { } node)
        {
            // What can't stand for a value, "int" and "System.Collections.Generic" among it, may still name something.
            return (model, FindByName(ref model, expression));
        }

        SymbolInfo info = model.GetSymbolInfo(node);
        List<ISymbol> symbols = info.Symbol is { } only ? [only] : [.. info.CandidateSymbols];
        if (symbols.Count == 0)
        {
            symbols = [.. model.GetMemberGroup(node)];
        }

        return symbols switch
        {
            // Of a call its result is meant, as of any other value.
            [IMethodSymbol] when node is InvocationExpressionSyntax or ObjectCreationExpressionSyntax => (model, TypeAsList(model.GetTypeInfo(node).Type)),
            [] => (model, model.GetTypeInfo(node).Type is { TypeKind: not TypeKind.Error } type ? [type] : FindByName(ref model, expression)),
            _ => (model, symbols),
        };
    }

    private static List<ISymbol> TypeAsList(ITypeSymbol? type) => type is null ? [] : [type];

    // As typeof has it, which takes keywords, and types without their arguments.
    private List<ISymbol> FindByName(ref SemanticModel model, string name)
    {
        (SemanticModel typeModel, SyntaxTree tree) = compiler.Understand($"typeof({name})");
        if (InputText.FindValue(tree) is TypeOfExpressionSyntax { Type: { } type } && typeModel.GetSymbolInfo(type).Symbol is { } symbol)
        {
            model = typeModel;
            return [symbol];
        }

        return [];
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        ITypeSymbol type => type,
        _ => null,
    };

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

    private static IEnumerable<ISymbol> Reachable(SemanticModel model, INamespaceOrTypeSymbol container) =>
        container is ITypeSymbol ? model.LookupSymbols(0, container) : Public(container);

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
