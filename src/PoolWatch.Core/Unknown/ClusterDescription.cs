using System.Security.Cryptography;
using System.Text;
using PoolWatch.Core.Inspection;

namespace PoolWatch.Core.Unknown;

/// <summary>What the blocks of a cluster have in common, and the pseudonym made of it.</summary>
internal static class ClusterDescription
{
    private const int IdDigits = 8;

    public static UnknownCluster Describe(UnknownBlock[] sorted, int[] members, SharedTrace? shape, (ulong Gram, int[] Blocks) text)
    {
        UnknownBlock[] blocks = [.. members.Select(m => sorted[m])];
        var payouts = CountPayouts(blocks);
        return new UnknownCluster
        {
            Id = "unknown-" + IdOf(shape, text.Blocks is null ? null : text.Gram, payouts),
            Blocks = blocks,
            Shape = shape,
            Text = text.Blocks is null ? null : new SharedTrace(Extend(sorted, text.Gram, text.Blocks), text.Blocks.Length),
            Structure = blocks.CountBy(b => b.Traces.Structure).OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => new SharedTrace(s.Key, s.Value)).First(),
            Payouts = payouts,
        };
    }

    private static ClusterPayout[] CountPayouts(UnknownBlock[] blocks)
    {
        var counts = new Dictionary<ReadOnlyMemory<byte>, (int Blocks, int Majority)>(ByteComparer.Instance);
        foreach (var traces in blocks.Select(b => b.Traces))
        {
            foreach (var payout in BlockLinks.LargePayouts(traces))
            {
                var (paid, majority) = counts.GetValueOrDefault(payout.Script);
                counts[payout.Script] = (paid + 1, majority + (traces.IsMajority(payout) ? 1 : 0));
            }
        }

        return [.. counts.Select(c => new ClusterPayout(c.Key, c.Value.Blocks, c.Value.Majority))
            .OrderByDescending(p => p.Blocks).ThenBy(p => Convert.ToHexString(p.Script.Span), StringComparer.Ordinal)];
    }

    private static string IdOf(SharedTrace? shape, ulong? gram, ClusterPayout[] payouts) =>
        shape is not null ? Digits("shape", Encoding.ASCII.GetBytes(shape.Text))
        : gram is { } shared ? Digits("text", ScriptSigText.BytesOf(shared))
        : payouts.Where(p => p.Blocks > 1).Select(p => Digits("script", p.Script.Span)).Min(StringComparer.Ordinal)!;

    private static string Digits(string kind, ReadOnlySpan<byte> trace) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(kind), 0, .. trace]))[..IdDigits];

    /// <summary>The shared bytes, made longer on both sides as far as all of these blocks agree and it is text.</summary>
    private static string Extend(UnknownBlock[] sorted, ulong gram, int[] sharing)
    {
        var bytes = ScriptSigText.BytesOf(gram);
        var scripts = Array.ConvertAll(sharing, b => sorted[b].Traces.ScriptSig);
        var places = Array.ConvertAll(scripts, s => s.Span.IndexOf(bytes));
        var (left, right) = (0, bytes.Length);
        while (Agree(scripts, places, left - 1))
        {
            left--;
        }

        while (Agree(scripts, places, right))
        {
            right++;
        }

        return Encoding.ASCII.GetString(scripts[0].Span[(places[0] + left)..(places[0] + right)]);
    }

    private static bool Agree(ReadOnlyMemory<byte>[] scripts, int[] places, int offset)
    {
        var at = places[0] + offset;
        if (at < 0 || at >= scripts[0].Length || !ScriptSigText.IsPrintable(scripts[0].Span[at]))
        {
            return false;
        }

        var value = scripts[0].Span[at];
        for (var i = 1; i < scripts.Length; i++)
        {
            at = places[i] + offset;
            if (at < 0 || at >= scripts[i].Length || scripts[i].Span[at] != value)
            {
                return false;
            }
        }

        return true;
    }
}
