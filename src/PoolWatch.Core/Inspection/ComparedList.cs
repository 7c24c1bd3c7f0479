using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Inspection;

/// <summary>One list of a comparison: compiled, with the shared names of its pools and the owner of each rule.</summary>
internal sealed class ComparedList
{
    private readonly PoolAttributor _attributor;
    private readonly Dictionary<Pool, string> _names;
    private readonly ILookup<string, (PoolRule Rule, Pool Pool)> _owners;

    public ComparedList(ListName name, PoolAttributor attributor, SharedNames names)
    {
        Name = name;
        _attributor = attributor;
        var list = attributor.List;
        _names = list.Pools.ToDictionary(p => p, p => names.Of(p, name));
        _owners = list.Pools.SelectMany(p => p.Addresses.Concat(p.Tags).Select(r => (Rule: r, Pool: p))).ToLookup(o => KeyOf(o.Rule), StringComparer.Ordinal);
    }

    public ListName Name { get; }

    public PoolList List => _attributor.List;

    public Attribution Attribute(Coinbase coinbase, int height) => _attributor.Attribute(coinbase, height);

    /// <summary>The name under which all lists know the pool.</summary>
    public string NameOf(Attribution attribution) => attribution.Pool is { } pool ? _names[pool] : Pool.UnknownSlug;

    /// <summary>Whose rule this is at a height; null where the list does not have it.</summary>
    public string? OwnerOf(PoolRule rule, int height) =>
        _owners[KeyOf(rule)].Where(o => o.Rule.Covers(height)).Select(o => _names[o.Pool]).FirstOrDefault();

    /// <summary>Two spellings of an address are one script, two of a tag match the same bytes.</summary>
    private static string KeyOf(PoolRule rule) =>
        rule.Kind == RuleKind.Tag ? $"tag {TagText.Fold(rule.Text)}"
        : Address.TryToScript(rule.Text, Network.Main, out var script) ? $"script {Convert.ToHexString(script)}"
        : $"address {rule.Text}";
}
