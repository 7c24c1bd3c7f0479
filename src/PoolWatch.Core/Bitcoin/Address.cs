using System.Diagnostics.CodeAnalysis;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Addresses: the text form of the scripts that outputs are usually locked with.</summary>
public static class Address
{
    private const int MaxProgram = 40;
    private const int MaxVersion = 16;

    /// <summary>The address that an explorer shows for an output.</summary>
    /// <param name="script">The output's script.</param>
    /// <param name="network">Whose address form to use; the same script has another address on another network.</param>
    /// <returns>
    /// For P2PKH and P2SH in Base58Check; for witness programs (P2WPKH, P2WSH, P2TR and versions yet undefined) as BIP 173 and
    /// BIP 350 say; for P2PK, which has no address of its own, the P2PKH address of its key. Null for every other script, OP_RETURN among them.
    /// </returns>
    public static string? FromScript(ReadOnlySpan<byte> script, Network network)
    {
        if (OutputScript.TryGetWitness(script, out var version, out var program))
        {
            return Segwit(network.SegwitPrefix, version, program);
        }

        var hash = OutputScript.ScriptHashOf(script);
        if (!hash.IsEmpty)
        {
            return Hashed(network.ScriptPrefix, hash);
        }

        hash = OutputScript.KeyHashOf(script);
        if (!hash.IsEmpty)
        {
            return Hashed(network.KeyPrefix, hash);
        }

        var key = OutputScript.PublicKeyOf(script);
        if (key.IsEmpty)
        {
            return null;
        }

        Span<byte> keyHash = stackalloc byte[Ripemd160.HashSize];
        OutputScript.HashKey(key, keyHash);
        return Hashed(network.KeyPrefix, keyHash);
    }

    /// <summary>The script that an address stands for.</summary>
    /// <param name="address">Base58Check, or Bech32 / Bech32m in small or in capital letters.</param>
    /// <param name="network">The network that the address must belong to. The test networks share one form; regtest has its own segwit prefix.</param>
    /// <param name="script">The output script: P2PKH, P2SH or a witness program; never P2PK.</param>
    /// <returns>False for another network, a wrong checksum or variant, mixed case, a wrong length, or anything else; never throws.</returns>
    public static bool TryToScript(string address, Network network, [NotNullWhen(true)] out byte[]? script)
    {
        script = null;
        if (address is null)
        {
            return false;
        }

        if (Bech32.TryDecode(address, out var prefix, out var data, out var variant))
        {
            return prefix == network.SegwitPrefix && TryReadWitness(data, variant, out script);
        }

        if (!Base58.TryDecodeCheck(address, out var payload) || payload.Length != 1 + Ripemd160.HashSize)
        {
            return false;
        }

        script = payload[0] == network.KeyPrefix ? OutputScript.PayToKeyHash(payload.AsSpan(1))
            : payload[0] == network.ScriptPrefix ? OutputScript.PayToScriptHash(payload.AsSpan(1))
            : null;
        return script is not null;
    }

    private static string Hashed(byte prefix, ReadOnlySpan<byte> hash)
    {
        Span<byte> payload = stackalloc byte[1 + Ripemd160.HashSize];
        payload[0] = prefix;
        hash.CopyTo(payload[1..]);
        return Base58.EncodeCheck(payload);
    }

    private static string Segwit(string prefix, int version, ReadOnlySpan<byte> program)
    {
        Span<byte> data = stackalloc byte[1 + (((MaxProgram * 8) + 4) / 5)];
        data[0] = (byte)version;
        var length = 1;
        var (bits, count) = (0u, 0);
        foreach (var value in program)
        {
            bits = (bits << 8) | value;
            for (count += 8; count >= 5; count -= 5)
            {
                data[length++] = (byte)((bits >> (count - 5)) & 31);
            }
        }

        if (count > 0)
        {
            data[length++] = (byte)((bits << (5 - count)) & 31);
        }

        return Bech32.Encode(prefix, data[..length], VariantOf(version));
    }

    private static bool TryReadWitness(ReadOnlySpan<byte> data, Bech32Variant variant, [NotNullWhen(true)] out byte[]? script)
    {
        script = null;
        if (data.IsEmpty || data[0] > MaxVersion || VariantOf(data[0]) != variant || data.Length - 1 > ((MaxProgram * 8) + 4) / 5)
        {
            return false;
        }

        Span<byte> program = stackalloc byte[MaxProgram + 1];
        var length = 0;
        var (bits, count) = (0u, 0);
        foreach (var value in data[1..])
        {
            bits = (bits << 5) | value;
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                program[length++] = (byte)(bits >> count);
            }
        }

        // What is left over pads the last byte: fewer than five bits, all zero.
        var padded = count < 5 && (bits & ((1u << count) - 1)) == 0;
        if (!padded || length is < 2 or > MaxProgram || (data[0] == 0 && length is not (20 or 32)))
        {
            return false;
        }

        script = OutputScript.PayToWitness(data[0], program[..length]);
        return true;
    }

    private static Bech32Variant VariantOf(int version) => version == 0 ? Bech32Variant.Bech32 : Bech32Variant.Bech32m;
}
