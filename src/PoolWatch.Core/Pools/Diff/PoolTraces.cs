using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools.Diff;

/// <summary>By what two versions of a pool are known for the same: the scripts of their addresses, and the letters and digits of their tags.</summary>
/// <remarks>Pools change the frame of their tags, <c>/F2Pool/</c> to <c>F2Pool</c>, and their case, and stay the same pools.</remarks>
internal sealed class PoolTraces
{
    private readonly Dictionary<Pool, HashSet<string>> _of = [];

    public bool HasAny(Pool pool) => Of(pool).Count > 0;

    public int Common(Pool one, Pool other) => Of(one).Count(Of(other).Contains);

    /// <summary>A word for each trace.</summary>
    public HashSet<string> Of(Pool pool)
    {
        if (!_of.TryGetValue(pool, out var traces))
        {
            _of[pool] = traces = [.. pool.Addresses.Select(ScriptOf), .. pool.Tags.Select(Letters)];
        }

        return traces;
    }

    private static string ScriptOf(PoolRule rule) =>
        Address.TryToScript(rule.Text, Network.Main, out var script) ? $"address {Convert.ToHexString(script)}" : $"address {rule.Text}";

    private static string Letters(PoolRule rule)
    {
        var letters = TagText.Fold(string.Concat(rule.Text.Where(char.IsLetterOrDigit)));
        return $"tag {(letters.Length >= 3 ? letters : TagText.Fold(rule.Text))}";
    }
}
