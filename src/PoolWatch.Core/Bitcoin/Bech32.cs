using System.Diagnostics.CodeAnalysis;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Which constant a checksum ends with.</summary>
public enum Bech32Variant
{
    /// <summary>BIP 173: addresses of witness version 0.</summary>
    Bech32,

    /// <summary>BIP 350: addresses of witness versions 1 to 16.</summary>
    Bech32m,
}

/// <summary>Bech32 and Bech32m, the text form of segwit addresses (BIP 173, BIP 350).</summary>
public static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int MaxLength = 90;
    private const int ChecksumLength = 6;

    /// <summary>Writes <c>prefix 1 data checksum</c>.</summary>
    /// <param name="prefix">The human-readable part: 1 to 83 characters of 33..126, no capital letters.</param>
    /// <param name="data">Values 0..31.</param>
    /// <param name="variant">The checksum's kind.</param>
    /// <exception cref="ArgumentException">The result would be longer than 90 characters, or the prefix or a value is out of range.</exception>
    public static string Encode(string prefix, ReadOnlySpan<byte> data, Bech32Variant variant)
    {
        var length = prefix.Length + 1 + data.Length + ChecksumLength;
        if (length > MaxLength || prefix.Length == 0
            || prefix.AsSpan().ContainsAnyExceptInRange('!', '~') || prefix.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            throw new ArgumentException($"At most {MaxLength} characters in all, the prefix in 33..126 without capitals.", nameof(prefix));
        }

        if (data.ContainsAnyExceptInRange((byte)0, (byte)31))
        {
            throw new ArgumentException("Values are 0..31.", nameof(data));
        }

        Span<char> text = stackalloc char[length];
        prefix.CopyTo(text);
        text[prefix.Length] = '1';
        var rest = text[(prefix.Length + 1)..];
        var sum = PrefixChecksum(prefix);
        for (var i = 0; i < data.Length; i++)
        {
            sum = Step(sum) ^ data[i];
            rest[i] = Alphabet[data[i]];
        }

        for (var i = 0; i < ChecksumLength; i++)
        {
            sum = Step(sum);
        }

        sum ^= Constant(variant);
        for (var i = 0; i < ChecksumLength; i++)
        {
            rest[data.Length + i] = Alphabet[(int)(sum >> (5 * (ChecksumLength - 1 - i))) & 31];
        }

        return new string(text);
    }

    /// <summary>Reads what <see cref="Encode"/> writes, all in small or all in capital letters.</summary>
    /// <param name="text">At most 90 characters.</param>
    /// <param name="prefix">The human-readable part in small letters.</param>
    /// <param name="data">The values 0..31 between prefix and checksum.</param>
    /// <param name="variant">The kind of checksum that is right.</param>
    /// <returns>False for anything else; never throws.</returns>
    public static bool TryDecode(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out byte[]? data, out Bech32Variant variant)
    {
        (prefix, data, variant) = (null, null, default);
        var separator = text.LastIndexOf('1');
        if (text.Length > MaxLength || separator < 1 || text.Length - separator - 1 < ChecksumLength
            || text.ContainsAnyExceptInRange('!', '~') || (text.ContainsAnyInRange('A', 'Z') && text.ContainsAnyInRange('a', 'z')))
        {
            return false;
        }

        Span<char> lower = stackalloc char[text.Length];
        text.ToLowerInvariant(lower);
        Span<byte> values = stackalloc byte[text.Length - separator - 1];
        var sum = PrefixChecksum(lower[..separator]);
        for (var i = 0; i < values.Length; i++)
        {
            var value = Alphabet.IndexOf(lower[separator + 1 + i], StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            values[i] = (byte)value;
            sum = Step(sum) ^ (uint)value;
        }

        variant = sum == Constant(Bech32Variant.Bech32m) ? Bech32Variant.Bech32m : Bech32Variant.Bech32;
        if (sum != Constant(variant))
        {
            return false;
        }

        prefix = new string(lower[..separator]);
        data = values[..^ChecksumLength].ToArray();
        return true;
    }

    private static uint Constant(Bech32Variant variant) => variant == Bech32Variant.Bech32m ? 0x2bc830a3u : 1u;

    private static uint PrefixChecksum(ReadOnlySpan<char> prefix)
    {
        var sum = 1u;
        foreach (var character in prefix)
        {
            sum = Step(sum) ^ ((uint)character >> 5);
        }

        sum = Step(sum);
        foreach (var character in prefix)
        {
            sum = Step(sum) ^ ((uint)character & 31);
        }

        return sum;
    }

    // One step of the BCH code's polynomial division.
    private static uint Step(uint sum)
    {
        var top = sum >> 25;
        var next = (sum & 0x1ffffff) << 5;
        next ^= (top & 1) != 0 ? 0x3b6a57b2u : 0;
        next ^= (top & 2) != 0 ? 0x26508e6du : 0;
        next ^= (top & 4) != 0 ? 0x1ea119fau : 0;
        next ^= (top & 8) != 0 ? 0x3d4233ddu : 0;
        return next ^ ((top & 16) != 0 ? 0x2a1462b3u : 0);
    }
}
