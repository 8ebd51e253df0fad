using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>
/// The child's descriptor <paramref name="Target"/> becomes another name of this process's <paramref name="Source"/>, which may
/// be the same number. <c>struct gannet_spawn_descriptor</c>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DescriptorMapping(int Source, int Target);
