using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>
/// The rule <c>mempool/1</c> once more, as its description says it and with nothing of the real one: loops over pools, addresses and tags, and a
/// backtracking expression for each tag.
/// </summary>
internal sealed class SlowMempool(PoolList list)
{
    private readonly Dictionary<string, Regex> _patterns = list.Pools.SelectMany(pool => pool.Tags).Select(tag => tag.Text).Distinct()
        .ToDictionary(tag => tag, ToDotNet);

    public string Judge(byte[] scriptSig, IReadOnlyList<TxOut> outputs, int height)
    {
        // Only ASCII and Latin-1 letters of one case step have another case there; .NET would also fold ſ, µ and ÿ to others.
        var text = Lower(Encoding.Latin1.GetString(scriptSig));
        Match? winner = null;
        List<Match> all = [];
        foreach (var pool in list.Pools)
        {
            foreach (var rule in pool.Addresses.Where(rule => Holds(rule, height)))
            {
                var script = PoolFixtures.Script(rule.Text);
                var paying = Enumerable.Range(0, outputs.Count).Where(i => outputs[i].Value != 0 && outputs[i].Script.Span.SequenceEqual(script)).ToList();
                if (paying.Count > 0)
                {
                    all.Add(new Match(pool, rule, all.Count, paying[0], paying.Sum(i => outputs[i].Value)));
                    winner ??= all[^1];
                }
            }

            foreach (var rule in pool.Tags.Where(rule => Holds(rule, height)))
            {
                if (_patterns[rule.Text].Match(text) is { Success: true } match)
                {
                    all.Add(new Match(pool, rule, all.Count, match.Index, 0, IsFixed(rule) ? match.Length : 0));
                    winner ??= all[^1];
                }
            }
        }

        var others = all.Where(match => match != winner).OrderBy(match => match.Rule.Kind).ThenBy(match => match.Index).ThenBy(match => match.Order);
        return Text(winner, others, Conflicts(all, winner, outputs.Sum(output => (decimal)output.Value), height));
    }

    public static string Text(Attribution attribution) => Text(
        attribution.Winner is null ? null : ToMatch(attribution.Winner), attribution.Others.Select(ToMatch), attribution.Conflicts);

    private static AttributionConflicts Conflicts(List<Match> all, Match? winner, decimal total, int height)
    {
        var byAddress = winner?.Rule.Kind == RuleKind.Address;
        var paid = all.Where(m => m.Rule.Kind == RuleKind.Address).GroupBy(m => m.Pool).ToDictionary(g => g.Key, g => g.Sum(m => (decimal)m.Value));
        var tags = all.Where(m => m.Rule.Kind == RuleKind.Tag).ToList();
        var tagged = tags.Select(m => m.Pool).ToHashSet();
        var claims = tags.Where(m => (m.Pool == winner?.Pool && !byAddress) || !tags.Any(n => m.Length > 0 && n.Pool != m.Pool
            && n.Length > m.Length && n.Index <= m.Index && n.Index + n.Length >= m.Index + m.Length)).Select(m => m.Pool).ToHashSet();
        var rivals = (byAddress ? claims : paid.Keys.ToHashSet()).Where(pool => pool != winner?.Pool);

        var conflicts = AttributionConflicts.None;
        conflicts |= winner is not null && rivals.Any() ? AttributionConflicts.AddressAgainstTag : 0;
        conflicts |= paid.Count > 1 ? AttributionConflicts.AddressAgainstAddress : 0;
        conflicts |= claims.Count > 1 ? AttributionConflicts.TagAgainstTag : 0;
        conflicts |= paid.Any(p => p.Value <= total / 2 && !(p.Key == winner?.Pool && tagged.Contains(p.Key))) ? AttributionConflicts.MinorAddress : 0;
        conflicts |= winner?.Rule.Kind == RuleKind.Tag && winner.Pool.PaidFrom is { } from && from <= height && total > 0 && !paid.ContainsKey(winner.Pool)
            ? AttributionConflicts.ClaimToDoubt
            : 0;
        return conflicts;
    }

    private static bool IsFixed(PoolRule tag) => !tag.Text.Contains('+') && !tag.Text.Contains('*');

    private static bool Holds(PoolRule rule, int height) => (rule.From ?? 0) <= height && (rule.To ?? int.MaxValue) >= height;

    /// <summary>JavaScript's <c>.</c> leaves out \r too, its <c>$</c> stands only at the very end; nothing else in the lists of these tests differs.</summary>
    private static Regex ToDotNet(string pattern) =>
        new(Lower(pattern).Replace(".", "[^\\n\\r]", StringComparison.Ordinal).Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.CultureInvariant);

    private static string Lower(string text) => string.Concat(text.Select(c => c < 256 && c is not ('×' or 'ÿ' or 'µ') ? char.ToLower(c, CultureInfo.InvariantCulture) : c));

    private static Match ToMatch(Candidate candidate) => new(candidate.Pool, candidate.Rule, 0, candidate.Index, candidate.Value);

    private static string Text(Match? winner, IEnumerable<Match> others, AttributionConflicts conflicts) =>
        $"{winner} | {string.Join("; ", others)} | {conflicts}";

    private sealed record Match(Pool Pool, PoolRule Rule, int Order, int Index, long Value, int Length = 0)
    {
        public override string ToString() => $"{Pool} {Rule.Kind} {Rule.Text} @{Index} {Value}";
    }
}
