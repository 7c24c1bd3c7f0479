namespace PoolWatch.Core.Bitcoin;

/// <summary>The block height that a coinbase's script starts with (BIP 34).</summary>
/// <remarks>A cross-check only: a block's height is its place in the chain, which the node knows.</remarks>
public static class Bip34Height
{
    /// <summary>Reads the height of a block at <paramref name="height"/>, where the network's rules demand it.</summary>
    /// <returns>Null below <see cref="Network.Bip34ActivationHeight"/>, or when the script does not start as BIP 34 says.</returns>
    public static int? Read(ReadOnlySpan<byte> scriptSig, int height, Network network) =>
        height < network.Bip34ActivationHeight ? null : Read(scriptSig);

    /// <summary>Reads the number that the script starts with.</summary>
    /// <param name="scriptSig">The coinbase's script.</param>
    /// <returns>
    /// The number, 0 or more: from <c>OP_0</c>, <c>OP_1</c> to <c>OP_16</c>, or a push of 1 to 4 bytes, little-endian, in its shortest
    /// form. Null for a negative number, for a longer form, and for anything else.
    /// </returns>
    /// <remarks>
    /// Before BIP 34 a coinbase started with whatever its miner liked: block 10,000 of mainnet starts with a push of the compact
    /// target, which reads as 486,604,799. The number means the height from <see cref="Network.Bip34ActivationHeight"/> on.
    /// </remarks>
    public static int? Read(ReadOnlySpan<byte> scriptSig)
    {
        const byte one = 0x51;
        const byte sixteen = 0x60;
        if (scriptSig.IsEmpty)
        {
            return null;
        }

        var first = scriptSig[0];
        return first switch
        {
            0 => 0,
            >= one and <= sixteen => first - one + 1,
            >= 1 and <= 4 when scriptSig.Length > first => ReadNumber(scriptSig.Slice(1, first)),
            _ => null,
        };
    }

    // The top bit of the last byte is the sign, so a number whose own top bit is set needs a zero byte after it, and only then.
    private static int? ReadNumber(ReadOnlySpan<byte> bytes)
    {
        const byte sign = 0x80;
        var last = bytes[^1];
        if ((last & sign) != 0 || (last == 0 && (bytes.Length == 1 || (bytes[^2] & sign) == 0)))
        {
            return null;
        }

        var number = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            number = (number << 8) | bytes[i];
        }

        return number > 16 ? number : null;
    }
}
