using System.Text;

namespace Gannet.Tool.Scripts;

/// <summary>The text of a script's bytes, as the compiler reads them.</summary>
internal static class ScriptText
{
    /// <summary>UTF-8, unless a byte order mark says UTF-16 or UTF-32.</summary>
    public static string Decode(byte[] bytes)
    {
        // The marks of all the others begin with one of these; a StreamReader is left alone at an ordinary start.
        if (bytes is not [0xFE or 0xFF or 0x00, ..])
        {
            return Encoding.UTF8.GetString(bytes);
        }

        using StreamReader reader = new(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
