// The program that 'gannet --publish' makes around a compiled script: it ends as the script does under gannet.
using System.Reflection;
using Gannet;
using Gannet.Tool.Running;

if (PublishedScript.FollowsNativeAotRules)
{
    NativeAotRules.Apply();
}

Assembly script = Assembly.Load(PublishedScript.AssemblyName);
Assembly.SetEntryAssembly(script);
return Sys.Run(EntryPoint.Bind(script, [.. Sys.Argv.Skip(1)]));
