using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Unknown;

/// <summary>Makes pool list entries of clusters, of rules that hit no block that is attributed already.</summary>
/// <remarks>
/// An entry has the addresses that blocks of the cluster paid more than half of their value, and the text that they share. First every attributed
/// block is shown to <see cref="Check"/>; a rule that hits one of them is dropped. Not safe for use by several threads.
/// </remarks>
public sealed class RuleSuggestions
{
    /// <summary>Clusters beyond the largest so many get no suggestion.</summary>
    public const int MaxClusters = 500;

    /// <summary>Most addresses of one suggestion, the most frequent.</summary>
    public const int MaxAddresses = 50;

    private readonly Dictionary<string, UnknownCluster> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<ReadOnlyMemory<byte>, bool> _unsafeScripts = new(ByteComparer.Instance);
    private readonly HashSet<string> _unsafeTexts = new(StringComparer.Ordinal);
    private readonly PoolAttributor _texts;

    /// <summary>Prepares the rules of clusters.</summary>
    /// <param name="clusters">The clusters, largest first.</param>
    public RuleSuggestions(IReadOnlyList<UnknownCluster> clusters)
    {
        List<Pool> pools = [];
        foreach (var cluster in clusters.Take(MaxClusters))
        {
            _clusters[cluster.Id] = cluster;
            foreach (var payout in PaidMost(cluster))
            {
                _unsafeScripts[payout.Script] = false;
            }

            if (TextOf(cluster) is { } text)
            {
                pools.Add(new Pool { Slug = $"{pools.Count}", Name = cluster.Id, Tags = [new PoolRule(RuleKind.Tag, text)] });
            }
        }

        _texts = PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, new PoolList(pools));
    }

    /// <summary>Drops the rules that hit a block which is attributed to a pool.</summary>
    public void Check(CoinbaseTraces attributed)
    {
        if (attributed.Majority is { } paid && _unsafeScripts.ContainsKey(paid.Script))
        {
            _unsafeScripts[paid.Script] = true;
        }

        var hits = _texts.Attribute(attributed.ScriptSig.Span, [], 0);
        if (hits.Winner is not null)
        {
            _unsafeTexts.Add(hits.Winner.Text);
            _unsafeTexts.UnionWith(hits.Others.Select(o => o.Text));
        }
    }

    /// <summary>The entry for a cluster; null where no rule is safe, or none can be made.</summary>
    /// <remarks>A text of a rare shape is no rule: our list has no patterns.</remarks>
    public Pool? For(UnknownCluster cluster)
    {
        if (!_clusters.ContainsKey(cluster.Id))
        {
            return null;
        }

        var text = TextOf(cluster) is { } shared && !_unsafeTexts.Contains(shared) ? shared : null;
        var addresses = PaidMost(cluster).Where(p => !_unsafeScripts[p.Script]).Select(p => Address.FromScript(p.Script.Span, Network.Main)!).ToList();
        return text is null && addresses.Count == 0 ? null : new Pool
        {
            Slug = cluster.Id.Replace("-", "", StringComparison.Ordinal),
            Name = cluster.Id.Replace("unknown-", "Unknown ", StringComparison.Ordinal),
            Tags = text is null ? [] : [new PoolRule(RuleKind.Tag, text)],
            Addresses = [.. addresses.Select(a => new PoolRule(RuleKind.Address, a))],
            Note = $"Suggested by {cluster.Blocks.Count} blocks, heights {cluster.FirstHeight} to {cluster.LastHeight}. Find out whose they are before use.",
        };
    }

    private static IEnumerable<ClusterPayout> PaidMost(UnknownCluster cluster) => cluster.Payouts.Where(p => p.MajorityBlocks > 0).Take(MaxAddresses);

    private static string? TextOf(UnknownCluster cluster) =>
        cluster.Text?.Text.Trim() is { Length: >= ScriptSigText.GramLength } text ? text : null;
}
