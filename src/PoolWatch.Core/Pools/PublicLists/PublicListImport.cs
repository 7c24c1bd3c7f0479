using System.Text;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Makes a list of ours out of a public one. Where ours allows one owner and the public list names two, the earlier wins, as it does for those who use that list.</summary>
internal sealed class PublicListImport(PublicPoolList source)
{
    private readonly List<ConversionNote> _notes = [];
    private readonly Dictionary<string, List<OwnedTag>> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublicPool> _scripts = new(StringComparer.Ordinal);
    private readonly ImportedSlugs _slugs = new(source.Pools);

    public Conversion<PoolList> Run()
    {
        RefuseTooLarge();
        var caseMatters = source.Kind == PublicListKind.BitcoinData ? TagsThatDifferInCase() : [];
        var pools = source.Pools.Select(pool => new Pool
        {
            Slug = Slug(pool),
            Name = pool.Name,
            Link = Link(pool),
            Ids = source.Kind == PublicListKind.Mempool ? new PoolIds([pool.Id], []) : new PoolIds([], [pool.Id]),
            Tags = [.. pool.Tags.Where(tag => Claims(pool, tag)).Select(tag => Tag(pool, tag, caseMatters))],
            Addresses = [.. pool.Addresses.Where(address => Pays(pool, address)).Select(address => new PoolRule(RuleKind.Address, address))],
        }).ToList();
        // Reading it back is the one place that knows all that makes a list valid.
        return new(PoolList.Parse(Encoding.UTF8.GetBytes(PoolListWriter.Write(pools))), _notes);
    }

    /// <summary>Before anything is compared with anything.</summary>
    private void RefuseTooLarge()
    {
        var errors = new PoolListErrors();
        PoolListChecks.CheckSize(source.Pools.Count, source.Pools.SelectMany(pool => pool.Tags), source.Pools.Sum(pool => pool.Addresses.Count), errors);
        if (errors.Messages.Count > 0)
        {
            throw new PoolListException(errors.Messages);
        }
    }

    private string Slug(PublicPool pool)
    {
        var slug = _slugs.Next(pool, out var reason);
        if (reason is not null)
        {
            Note(pool, $"Its slug is {slug}: {reason}.");
        }

        return slug;
    }

    private string? Link(PublicPool pool)
    {
        var link = pool.Link.Trim();
        if (link.Length == 0)
        {
            return null;
        }

        var whole = link.Contains("://", StringComparison.Ordinal) ? link : $"https://{link}";
        if (link.Any(char.IsControl) || !Uri.TryCreate(whole, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            Note(pool, $"The link \"{Sentence.Quote(link)}\" is left out: it is no http or https address.");
            return null;
        }

        if (whole != pool.Link)
        {
            Note(pool, $"The link \"{Sentence.Quote(pool.Link)}\" became {whole}.");
        }

        return whole;
    }

    private PoolRule Tag(PublicPool pool, string text, HashSet<string> caseMatters)
    {
        var rule = new PoolRule(RuleKind.Tag, text);
        if (TagText.IsCaseSensitive(rule) || !caseMatters.Contains(TagText.Fold(text)))
        {
            return rule;
        }

        Note(pool, $"The tag \"{text}\" became exact: another pool's differs from it only in case.");
        return rule with { Exact = true };
    }

    /// <summary>Tags of two pools that only case tells apart, folded.</summary>
    private HashSet<string> TagsThatDifferInCase() => source.Pools
        .SelectMany(pool => pool.Tags.Select(tag => (Pool: pool, Text: tag)))
        .GroupBy(tag => TagText.Fold(tag.Text), StringComparer.Ordinal)
        .Where(group => group.DistinctBy(tag => tag.Pool.Id).Skip(1).Any() && group.DistinctBy(tag => tag.Text).Skip(1).Any())
        .Select(group => group.Key)
        .ToHashSet(StringComparer.Ordinal);

    private bool Claims(PublicPool pool, string text)
    {
        var folded = TagText.Fold(text);
        if (!_tags.TryGetValue(folded, out var owners))
        {
            _tags[folded] = owners = [];
        }

        foreach (var owned in owners)
        {
            if (owned.Text == text || (owned.Pool != pool && source.Kind == PublicListKind.Mempool && !(IsShort(owned.Text) && IsShort(text))))
            {
                Note(pool, owned.Pool == pool
                    ? $"The tag \"{text}\" stands there twice and is kept once."
                    : $"The tag \"{text}\" is left out: it is the tag \"{owned.Text}\" of {owned.Pool.Name}, which is earlier and wins.");
                return false;
            }
        }

        owners.Add(new OwnedTag(pool, text));
        return true;
    }

    private bool Pays(PublicPool pool, string address)
    {
        if (!Address.TryToScript(address, Network.Main, out var script))
        {
            Note(pool, $"The address {Sentence.Quote(address)} is left out: it is none of Bitcoin's mainnet, so no block of mainnet pays it.");
            return false;
        }

        var key = Convert.ToHexString(script);
        if (_scripts.TryAdd(key, pool))
        {
            return true;
        }

        Note(pool, _scripts[key] == pool
            ? $"The address {Sentence.Quote(address)} stands there twice and is kept once."
            : $"The address {Sentence.Quote(address)} is left out: it belongs to {_scripts[key].Name}, which is earlier and wins.");
        return false;
    }

    private void Note(PublicPool pool, string message) => _notes.Add(new ConversionNote(pool.Name, message));

    private static bool IsShort(string tag) => Encoding.UTF8.GetByteCount(tag) < TagText.ShortestFolded;

    private readonly record struct OwnedTag(PublicPool Pool, string Text);
}
