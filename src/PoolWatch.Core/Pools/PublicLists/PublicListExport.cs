using System.Globalization;
using PoolWatch.Core.Pools.Mempool;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Makes a public list out of one of ours.</summary>
internal sealed class PublicListExport(PoolList source, PublicListKind kind)
{
    private readonly List<ConversionNote> _notes = [];
    private readonly Dictionary<string, Pool> _slugs = new(StringComparer.Ordinal);

    public Conversion<PublicPoolList> Run()
    {
        var highest = source.Pools.SelectMany(IdsOf).Append(0).Max();
        List<PublicPool> pools = [];
        foreach (var pool in source.Pools)
        {
            var id = IdsOf(pool) is [var first, ..] ? first : 0;
            if (id == 0)
            {
                id = highest < int.MaxValue ? ++highest : throw new PoolListException([$"{pool.Slug} has no id in that list, and none above {highest} is left."]);
                Note(pool, $"It has no id in that list and got {id}.");
            }

            NoteLosses(pool);
            pools.Add(new PublicPool(id, pool.Name, Texts(pool, pool.Addresses), Texts(pool, pool.Tags), pool.Link ?? ""));
        }

        return new(new PublicPoolList(kind, pools), _notes);
    }

    private IReadOnlyList<int> IdsOf(Pool pool) => kind == PublicListKind.Mempool ? pool.Ids.Mempool : pool.Ids.BitcoinData;

    private void NoteLosses(Pool pool)
    {
        var slug = PoolSlug.FromName(pool.Name);
        if (slug != pool.Slug)
        {
            Note(pool, $"Its slug {pool.Slug} is left out: programs make {(slug.Length == 0 ? "none" : slug)} of the name.");
        }
        else if (!_slugs.TryAdd(slug, pool))
        {
            Note(pool, $"Its slug {slug} is that which programs make of the name of {_slugs[slug].Name} too.");
        }

        foreach (var id in IdsOf(pool).Skip(1))
        {
            Note(pool, $"Its other id {id} is left out.");
        }

        if (pool.Note is not null)
        {
            Note(pool, "Its note is left out.");
        }
    }

    private List<string> Texts(Pool pool, IReadOnlyList<PoolRule> rules)
    {
        List<string> texts = [];
        foreach (var rule in rules)
        {
            NoteLosses(pool, rule);
            if (texts.Contains(rule.Text))
            {
                Note(pool, $"{Describe(rule)} stands there twice, at different heights, and is kept once.");
                continue;
            }

            texts.Add(rule.Text);
        }

        return texts;
    }

    private void NoteLosses(Pool pool, PoolRule rule)
    {
        if (rule.From is not null || rule.To is not null)
        {
            var to = rule.To?.ToString(CultureInfo.InvariantCulture) ?? "the end";
            Note(pool, $"{Describe(rule)} lost its heights {rule.From ?? 0} to {to}.");
        }

        if (rule.Note is not null)
        {
            Note(pool, $"{Describe(rule)} lost its note.");
        }

        if (kind == PublicListKind.Mempool && rule.Exact)
        {
            Note(pool, $"{Describe(rule)} is no longer exact: mempool.space finds it in any case.");
        }

        if (kind == PublicListKind.Mempool && rule.Kind == RuleKind.Tag)
        {
            NoteNoExpression(pool, rule);
        }
    }

    private void NoteNoExpression(Pool pool, PoolRule rule)
    {
        try
        {
            _ = JavaScriptPattern.Parse(rule.Text);
        }
        catch (PatternException e)
        {
            Note(pool, $"{Describe(rule)} can't be used as a JavaScript regular expression, as mempool.space does: {e.Message}.");
        }
    }

    private static string Describe(PoolRule rule) => $"The {(rule.Kind == RuleKind.Tag ? "tag" : "address")} \"{rule.Text}\"";

    private void Note(Pool pool, string message) => _notes.Add(new ConversionNote(pool.Name, message));
}
