#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;
using System.Reflection;
using System.Reflection.Emit;

// A directory at the front of the path wins over those behind it.
DirectoryInfo place = Directory.CreateTempSubdirectory();
string late = Os.Path.Join(place.FullName, "late"), early = Os.Path.Join(place.FullName, "early");
Make(late, "mymodule", "late copy");
Make(early, "mymodule", "early copy");

Sys.Path.Add(late);
Sys.Path.Insert(0, early);
Console.WriteLine(Assembly.Load("mymodule").GetType("Module")!.GetField("Where")!.GetValue(null));
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
