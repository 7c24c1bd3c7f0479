using System.Globalization;

namespace PoolWatch.Core.Pools.Diff;

/// <summary>A field of a pool, other than its slug and its rules, that differs between two versions of a list.</summary>
/// <param name="From">The pool as it was.</param>
/// <param name="To">The pool as it would be.</param>
/// <param name="Field">The field by its name in the file: <c>name</c>, <c>link</c>, <c>ids.mempool</c>, <c>ids.bitcoinData</c>, <c>paidFrom</c>, <c>note</c>.</param>
/// <param name="Before">What the old list says; null where it says nothing.</param>
/// <param name="After">What the new list says; null where it says nothing.</param>
public sealed record PoolDetail(Pool From, Pool To, string Field, string? Before, string? After)
{
    /// <summary>The fields of one pool that differ, in the order of the file.</summary>
    internal static IEnumerable<PoolDetail> Between(Pool from, Pool to)
    {
        (string Field, Func<Pool, string?> Value)[] fields =
        [
            ("name", static pool => pool.Name),
            ("link", static pool => pool.Link),
            ("ids.mempool", static pool => Text(pool.Ids.Mempool)),
            ("ids.bitcoinData", static pool => Text(pool.Ids.BitcoinData)),
            ("paidFrom", static pool => pool.PaidFrom?.ToString(CultureInfo.InvariantCulture)),
            ("note", static pool => pool.Note),
        ];
        return fields.Select(field => new PoolDetail(from, to, field.Field, field.Value(from), field.Value(to))).Where(static detail => detail.Before != detail.After);
    }

    private static string? Text(IReadOnlyList<int> ids) =>
        ids.Count == 0 ? null : string.Join(", ", ids.Select(static id => id.ToString(CultureInfo.InvariantCulture)));
}
