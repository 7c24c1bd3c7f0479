using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>Finds the listed addresses that a coinbase pays, by the bytes of its output scripts.</summary>
/// <remarks>Scripts and not addresses, because the same script has another address on every network.</remarks>
internal sealed class AddressIndex
{
    private const int None = -1;

    private readonly RuleBook _rules;
    private readonly bool _bareKeys;
    private readonly Dictionary<byte[], int> _firstRule = new(ScriptComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly int[] _nextRule;

    /// <param name="rules">The address rules.</param>
    /// <param name="bareKeys">Whether an output that pays a bare public key counts as one to the address of that key.</param>
    public AddressIndex(RuleBook rules, bool bareKeys)
    {
        (_rules, _bareKeys) = (rules, bareKeys);
        _nextRule = new int[rules.Count];
        for (var rule = rules.Count - 1; rule >= 0; rule--)
        {
            var script = Address.TryToScript(rules[rule].Text, Network.Main, out var found)
                ? found
                : throw new ArgumentException($"{rules[rule].Text} is no address of Bitcoin's mainnet.", nameof(rules));
            _nextRule[rule] = _firstRule.GetValueOrDefault(script, None);
            _firstRule[script] = rule;
        }

        _lookup = _firstRule.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Collects one hit for each listed address that is paid, with all that it is paid.</summary>
    /// <returns>Satoshi that all outputs have together.</returns>
    /// <exception cref="OverflowException">That is more than fits 64 bits, which no decoded coinbase has.</exception>
    public long Find(IReadOnlyList<TxOut> outputs, int height, ref Hits hits)
    {
        var total = 0L;
        for (var i = 0; i < outputs.Count; i++)
        {
            var output = outputs[i];
            if (output.Value <= 0)
            {
                continue;
            }

            total = checked(total + output.Value);
            for (var rule = FirstRule(output.Script.Span); rule != None; rule = _nextRule[rule])
            {
                if (_rules.Covers(rule, height))
                {
                    AddUp(ref hits, new Hit(rule, i, output.Value));
                }
            }
        }

        return total;
    }

    private int FirstRule(ReadOnlySpan<byte> script)
    {
        if (_lookup.TryGetValue(script, out var rule))
        {
            return rule;
        }

        Span<byte> keyHashScript = stackalloc byte[OutputScript.KeyHashSize];
        return _bareKeys && OutputScript.TryGetKeyHashScript(script, keyHashScript) && _lookup.TryGetValue(keyHashScript, out rule) ? rule : None;
    }

    private static void AddUp(ref Hits hits, Hit hit)
    {
        foreach (ref var known in hits.Span)
        {
            if (known.Rule == hit.Rule)
            {
                known = known with { Value = known.Value + hit.Value };
                return;
            }
        }

        hits.Add(hit);
    }

    private sealed class ScriptComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ScriptComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        // Eight bytes out of the hash that every listed script holds, clear of the opcodes around it.
        public int GetHashCode(ReadOnlySpan<byte> alternate) =>
            alternate.Length < 12 ? alternate.Length : BinaryPrimitives.ReadUInt64LittleEndian(alternate[^10..]).GetHashCode();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
