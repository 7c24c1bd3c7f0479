using System.Text;

namespace PoolWatch.Core.Pools;

/// <summary>How the text of a tag is compared with the bytes of a scriptSig.</summary>
internal static class TagText
{
    /// <summary>Shorter tags match only in their own case: a short one hits random bytes far too often otherwise.</summary>
    public const int ShortestFolded = 6;

    public static bool IsCaseSensitive(PoolRule rule) => rule.Exact || Encoding.UTF8.GetByteCount(rule.Text) < ShortestFolded;

    /// <summary>ASCII letters in small; nothing else has a case here, because a scriptSig is bytes and not text.</summary>
    public static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    public static string Fold(string text) =>
        string.Create(text.Length, text, static (folded, source) =>
        {
            for (var i = 0; i < folded.Length; i++)
            {
                folded[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });
}
