namespace Gannet.Tool.Running;

/// <summary>
/// The switches that the SDK puts into the runtimeconfig.json of a file-based app, because it is set up for NativeAOT: a
/// script behaves the same here as under <c>dotnet run</c>. Each is read at its feature's first use, so setting it before the
/// script's first line is early enough.
/// </summary>
internal static class NativeAotRules
{
    private static readonly (string Switch, bool Value)[] s_switches =
    [
        ("Microsoft.Extensions.DependencyInjection.VerifyOpenGenericServiceTrimmability", true),
        ("System.ComponentModel.DefaultValueAttribute.IsSupported", false),
        ("System.ComponentModel.Design.IDesignerHost.IsSupported", false),
        ("System.ComponentModel.TypeConverter.EnableUnsafeBinaryFormatterInDesigntimeLicenseContextSerialization", false),
        ("System.ComponentModel.TypeDescriptor.IsComObjectDescriptorSupported", false),
        ("System.Data.DataSet.XmlSerializationIsSupported", false),
        ("System.Linq.Enumerable.IsSizeOptimized", true),
        ("System.Linq.Expressions.CanEmitObjectArrayDelegate", false),
        ("System.Net.SocketsHttpHandler.Http3Support", false),
        ("System.Reflection.Metadata.MetadataUpdater.IsSupported", false),
        ("System.Resources.ResourceManager.AllowCustomResourceTypes", false),
        ("System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported", false),
        ("System.Runtime.InteropServices.BuiltInComInterop.IsSupported", false),
        ("System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization", false),
        ("System.Text.Encoding.EnableUnsafeUTF7Encoding", false),
        ("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault", false),
    ];

    public static void Apply()
    {
        foreach ((string name, bool value) in s_switches)
        {
            AppContext.SetSwitch(name, value);
        }
    }
}
