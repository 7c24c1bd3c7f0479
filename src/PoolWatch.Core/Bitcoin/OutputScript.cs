using System.Security.Cryptography;

namespace PoolWatch.Core.Bitcoin;

/// <summary>The standard forms of an output's script (scriptPubKey).</summary>
/// <remarks>Recognised by their bytes alone, as nodes do: a key need not be a point of the curve.</remarks>
public static class OutputScript
{
    /// <summary>Length of a script that pays to a key hash: 25 bytes.</summary>
    public const int KeyHashSize = 25;

    private const byte Equal = 0x87;
    private const byte EqualVerify = 0x88;
    private const byte Hash160 = 0xa9;
    private const byte Duplicate = 0x76;
    private const byte CheckSignature = 0xac;

    /// <summary>Gives the script that pays to the hash of the same key, for a script that pays to a bare public key (P2PK).</summary>
    /// <param name="script">The output's script.</param>
    /// <param name="keyHashScript">Takes 25 bytes: the P2PKH script, under which an address names the key.</param>
    /// <returns>False, with nothing written, for any other script.</returns>
    /// <exception cref="ArgumentException"><paramref name="keyHashScript"/> has fewer than 25 bytes.</exception>
    public static bool TryGetKeyHashScript(ReadOnlySpan<byte> script, Span<byte> keyHashScript)
    {
        if (keyHashScript.Length < KeyHashSize)
        {
            throw new ArgumentException($"A P2PKH script needs {KeyHashSize} bytes.", nameof(keyHashScript));
        }

        var key = PublicKeyOf(script);
        if (key.IsEmpty)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Ripemd160.HashSize];
        HashKey(key, hash);
        WriteKeyHash(hash, keyHashScript);
        return true;
    }

    internal static void HashKey(ReadOnlySpan<byte> key, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        Ripemd160.HashData(digest, hash);
    }

    /// <summary>The key of a P2PK script; empty for other scripts. 06 and 07 mark the "hybrid" form of an uncompressed key.</summary>
    internal static ReadOnlySpan<byte> PublicKeyOf(ReadOnlySpan<byte> script)
    {
        var compressed = script.Length == 35 && script[0] == 33 && script[1] is (2 or 3);
        var uncompressed = script.Length == 67 && script[0] == 65 && script[1] is (4 or 6 or 7);
        return (compressed || uncompressed) && script[^1] == CheckSignature ? script[1..^1] : [];
    }

    /// <summary>The hash of a P2PKH script; empty for other scripts.</summary>
    internal static ReadOnlySpan<byte> KeyHashOf(ReadOnlySpan<byte> script) =>
        script is [Duplicate, Hash160, 20, .., EqualVerify, CheckSignature] && script.Length == KeyHashSize ? script[3..23] : [];

    /// <summary>The hash of a P2SH script; empty for other scripts.</summary>
    internal static ReadOnlySpan<byte> ScriptHashOf(ReadOnlySpan<byte> script) =>
        script is [Hash160, 20, .., Equal] && script.Length == 23 ? script[2..22] : [];

    /// <summary>The version (0..16) and the program (2..40 bytes) of a witness script (BIP 141); false for other scripts.</summary>
    internal static bool TryGetWitness(ReadOnlySpan<byte> script, out int version, out ReadOnlySpan<byte> program)
    {
        version = 0;
        program = default;
        if (script.Length is < 4 or > 42 || script[1] != script.Length - 2 || script[0] is not (0 or (>= 0x51 and <= 0x60)))
        {
            return false;
        }

        version = script[0] == 0 ? 0 : script[0] - 0x50;
        program = script[2..];
        return version != 0 || program.Length is 20 or 32;
    }

    internal static void WriteKeyHash(ReadOnlySpan<byte> hash, Span<byte> script)
    {
        (script[0], script[1], script[2], script[23], script[24]) = (Duplicate, Hash160, 20, EqualVerify, CheckSignature);
        hash.CopyTo(script[3..]);
    }

    internal static byte[] PayToKeyHash(ReadOnlySpan<byte> hash)
    {
        var script = new byte[KeyHashSize];
        WriteKeyHash(hash, script);
        return script;
    }

    internal static byte[] PayToScriptHash(ReadOnlySpan<byte> hash) => [Hash160, 20, .. hash, Equal];

    internal static byte[] PayToWitness(int version, ReadOnlySpan<byte> program) =>
        [(byte)(version == 0 ? 0 : 0x50 + version), (byte)program.Length, .. program];
}
