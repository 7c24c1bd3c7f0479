using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>The rule <c>poolwatch/1</c> once more, as plainly as it can be said and with nothing of the real one: the oracle of the properties.</summary>
internal static class SlowAttribution
{
    public static string Judge(PoolList list, byte[] scriptSig, IReadOnlyList<TxOut> outputs, int height)
    {
        var payments = Payments(list, outputs, height);
        var places = Places(list, scriptSig, height);
        var total = outputs.Sum(output => (decimal)output.Value);
        var paid = payments.GroupBy(p => p.Pool).FirstOrDefault(g => g.Sum(p => (decimal)p.Value) > total / 2);
        var byAddress = paid?.OrderByDescending(p => p.Value).First();
        var byTag = byAddress is null ? places.OrderByDescending(p => p.Length).ThenBy(p => p.Order).ThenBy(p => p.Index).FirstOrDefault() : null;
        var winner = byAddress ?? byTag;

        var tags = places.GroupBy(p => p.Order).Select(g => g.MinBy(p => p.Index)!);
        var others = payments.OrderBy(p => p.Index).ThenBy(p => p.Order)
            .Concat(tags.OrderBy(p => p.Index).ThenBy(p => p.Order))
            .Where(p => winner is null || p.Rule != winner.Rule);
        return Text(winner, others, Conflicts(payments, places, byAddress, byTag) | Doubt(byTag, payments, outputs, height));
    }

    public static string Text(Attribution attribution) => Text(
        attribution.Winner is null ? null : ToMatch(attribution.Winner), attribution.Others.Select(ToMatch), attribution.Conflicts);

    private static AttributionConflicts Conflicts(List<Match> payments, List<Match> places, Match? byAddress, Match? byTag)
    {
        var winner = byAddress ?? byTag;
        var rivalsPaid = payments.Where(p => p.Pool != winner?.Pool).ToList();
        var claims = places.Where(p => !places.Any(q =>
            q.Pool != p.Pool && q.Length > p.Length && q.Index <= p.Index && q.Index + q.Length >= p.Index + p.Length)).ToList();
        var rivalClaims = claims.Where(p => p.Pool != winner?.Pool).ToList();

        var conflicts = AttributionConflicts.None;
        conflicts |= rivalsPaid.Count > 0 ? AttributionConflicts.MinorAddress : 0;
        conflicts |= payments.DistinctBy(p => p.Pool).Count() > 1 ? AttributionConflicts.AddressAgainstAddress : 0;
        conflicts |= claims.DistinctBy(p => p.Pool).Count() > 1 ? AttributionConflicts.TagAgainstTag : 0;
        conflicts |= byAddress is not null && rivalClaims.Count > 0 ? AttributionConflicts.AddressAgainstTag : 0;
        conflicts |= byTag is not null && rivalsPaid.Count > 0 ? AttributionConflicts.AddressAgainstTag : 0;
        conflicts |= byTag is not null && rivalClaims.Any(p => p.Length == byTag.Length) ? AttributionConflicts.TagTie : 0;
        return conflicts;
    }

    private static AttributionConflicts Doubt(Match? byTag, List<Match> payments, IReadOnlyList<TxOut> outputs, int height)
    {
        var expected = byTag?.Pool.PaidFrom is { } from && from <= height && outputs.Any(output => output.Value > 0);
        return expected && payments.All(payment => payment.Pool != byTag!.Pool) ? AttributionConflicts.ClaimToDoubt : AttributionConflicts.None;
    }

    private static List<Match> Payments(PoolList list, IReadOnlyList<TxOut> outputs, int height)
    {
        List<Match> found = [];
        foreach (var (pool, rule, order) in Rules(list, pool => pool.Addresses, height))
        {
            var script = PoolFixtures.Script(rule.Text);
            var paying = Enumerable.Range(0, outputs.Count)
                .Where(i => outputs[i].Value > 0 && outputs[i].Script.Span.SequenceEqual(script)).ToList();
            if (paying.Count > 0)
            {
                found.Add(new Match(pool, rule, order, paying[0], paying.Sum(i => outputs[i].Value), 0));
            }
        }

        return found;
    }

    private static List<Match> Places(PoolList list, byte[] scriptSig, int height)
    {
        List<Match> found = [];
        foreach (var (pool, rule, order) in Rules(list, pool => pool.Tags, height))
        {
            // Latin-1 gives each byte its own character, so that text search is byte search; only ASCII letters have a second case in it here.
            var tag = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(rule.Text));
            var text = Encoding.Latin1.GetString(scriptSig);
            var (needle, haystack) = rule.Exact || tag.Length < 6 ? (tag, text) : (Upper(tag), Upper(text));
            for (var at = haystack.IndexOf(needle, StringComparison.Ordinal); at >= 0; at = haystack.IndexOf(needle, at + 1, StringComparison.Ordinal))
            {
                found.Add(new Match(pool, rule, order, at, 0, tag.Length));
            }
        }

        return found;
    }

    private static string Upper(string text) => string.Concat(text.Select(c => c is >= 'a' and <= 'z' ? char.ToUpperInvariant(c) : c));

    private static IEnumerable<(Pool Pool, PoolRule Rule, int Order)> Rules(PoolList list, Func<Pool, IReadOnlyList<PoolRule>> of, int height) =>
        list.Pools.SelectMany(pool => of(pool).Select(rule => (pool, rule))).Select((p, i) => (p.pool, p.rule, i))
            .Where(p => (p.rule.From is null || p.rule.From <= height) && (p.rule.To is null || p.rule.To >= height));

    private static Match ToMatch(Candidate candidate) => new(candidate.Pool, candidate.Rule, 0, candidate.Index, candidate.Value, 0);

    private static string Text(Match? winner, IEnumerable<Match> others, AttributionConflicts conflicts) =>
        $"{winner} | {string.Join("; ", others)} | {conflicts}";

    private sealed record Match(Pool Pool, PoolRule Rule, int Order, int Index, long Value, int Length)
    {
        public override string ToString() => $"{Pool} {Rule.Kind} {Rule.Text} @{Index} {Value}";
    }
}
