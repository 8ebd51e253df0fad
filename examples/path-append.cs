#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;
using System.Reflection;
using System.Reflection.Emit;

// A directory at the end of the path: what is only there is found.
DirectoryInfo place = Directory.CreateTempSubdirectory();
string lib = Os.Path.Join(place.FullName, "lib");
Make(lib, "onlyhere", "appended lib");

Sys.Path.Add(lib);
Console.WriteLine(Assembly.Load("onlyhere").GetType("Module")!.GetField("Where")!.GetValue(null));
Console.WriteLine(Sys.Path[^1] == lib);
place.Delete(recursive: true);

// Writes an assembly with one class, Module, and its one constant, Where.
static void Make(string directory, string name, string where)
{
    Directory.CreateDirectory(directory);
    PersistedAssemblyBuilder assembly = new(new AssemblyName(name), typeof(object).Assembly);
    TypeBuilder type = assembly.DefineDynamicModule(name).DefineType("Module", TypeAttributes.Public);
    type.DefineField("Where", typeof(string), FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal).SetConstant(where);
    type.CreateType();
    assembly.Save(Os.Path.Join(directory, name + ".dll"));
}
