using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Base58 and Base58Check, the text form of the older addresses (Bitcoin developer reference, "Address conversion").</summary>
/// <remarks>A number in base 58; each leading zero byte is a leading <c>1</c>. Meant for short data: the time grows with the square of the length.</remarks>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int ChecksumSize = 4;
    private const int MaxSize = 256;

    /// <summary>Writes the bytes in base 58.</summary>
    /// <param name="data">At most 256 bytes.</param>
    /// <exception cref="ArgumentException">More than 256 bytes.</exception>
    public static string Encode(ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxSize)
        {
            throw new ArgumentException($"At most {MaxSize} bytes.", nameof(data));
        }

        // 58^1.366 > 256: 138 digits for every 100 bytes are enough.
        Span<byte> digits = stackalloc byte[(data.Length * 138 / 100) + 1];
        var used = 0;
        foreach (var value in data)
        {
            int carry = value;
            for (var i = 0; i < used || carry != 0; i++)
            {
                carry += i < used ? digits[i] << 8 : 0;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
                used = Math.Max(used, i + 1);
            }
        }

        var zeros = LeadingZeros(data);
        Span<char> text = stackalloc char[zeros + used];
        text[..zeros].Fill(Alphabet[0]);
        for (var i = 0; i < used; i++)
        {
            text[^(i + 1)] = Alphabet[digits[i]];
        }

        return new string(text);
    }

    /// <summary>Reads base 58. False for other characters and for more than 256 bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? data)
    {
        data = null;
        Span<byte> bytes = stackalloc byte[MaxSize];
        var used = 0;
        foreach (var character in text)
        {
            var carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            for (var i = 0; i < used || carry != 0; i++)
            {
                if (i == MaxSize)
                {
                    return false;
                }

                carry += i < used ? bytes[i] * 58 : 0;
                bytes[i] = (byte)carry;
                carry >>= 8;
                used = Math.Max(used, i + 1);
            }
        }

        var beyond = text.IndexOfAnyExcept(Alphabet[0]);
        var zeros = beyond < 0 ? text.Length : beyond;
        if (zeros + used > MaxSize)
        {
            return false;
        }

        data = new byte[zeros + used];
        bytes[..used].CopyTo(data.AsSpan(zeros));
        data.AsSpan(zeros).Reverse();
        return true;
    }

    /// <summary>Writes the bytes and the first four of their double SHA-256 in base 58.</summary>
    /// <param name="payload">At most 252 bytes.</param>
    /// <exception cref="ArgumentException">More than 252 bytes.</exception>
    public static string EncodeCheck(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxSize - ChecksumSize)
        {
            throw new ArgumentException($"At most {MaxSize - ChecksumSize} bytes.", nameof(payload));
        }

        Span<byte> data = stackalloc byte[payload.Length + ChecksumSize];
        payload.CopyTo(data);
        WriteChecksum(payload, data[payload.Length..]);
        return Encode(data);
    }

    /// <summary>Reads what <see cref="EncodeCheck"/> writes. False for other characters, a wrong checksum, or more than 256 bytes.</summary>
    public static bool TryDecodeCheck(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? payload)
    {
        payload = null;
        if (!TryDecode(text, out var data) || data.Length < ChecksumSize)
        {
            return false;
        }

        Span<byte> checksum = stackalloc byte[ChecksumSize];
        WriteChecksum(data.AsSpan(..^ChecksumSize), checksum);
        if (!checksum.SequenceEqual(data.AsSpan(^ChecksumSize..)))
        {
            return false;
        }

        payload = data[..^ChecksumSize];
        return true;
    }

    private static void WriteChecksum(ReadOnlySpan<byte> payload, Span<byte> checksum)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, digest);
        SHA256.HashData(digest, digest);
        digest[..ChecksumSize].CopyTo(checksum);
    }

    private static int LeadingZeros(ReadOnlySpan<byte> data)
    {
        var beyond = data.IndexOfAnyExcept((byte)0);
        return beyond < 0 ? data.Length : beyond;
    }
}
