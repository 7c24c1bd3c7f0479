namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Bounds how many tags have to be compared at one place of a scriptSig, whatever a miner writes there.</summary>
internal static class PlainTagChecks
{
    /// <summary>
    /// Characters of the tags with the same first places, and of the tags that leave one of those places open. So many of each take half a millisecond in the
    /// scriptSig that is made for them; in public lists the tags that begin the same have at most 155.
    /// </summary>
    public const int MaxTogether = 1_000;

    public static void Check(IReadOnlyList<(int Rule, PlainTag Tag)> tags, RuleBook rules, PoolListErrors errors)
    {
        var open = 0;
        var begins = new Dictionary<(int, int, int, int), int>();
        foreach (var (rule, tag) in tags.Where(t => !t.Tag.IsSettledBy(PlainTagSearch.Places)))
        {
            var begin = (First(tag, 0), First(tag, 1), First(tag, 2), First(tag, 3));
            var together = IsOpen(tag) ? open += tag.Length : begins[begin] = begins.GetValueOrDefault(begin) + tag.Length;
            if (together > MaxTogether)
            {
                var which = IsOpen(tag) ? "leave one of their first four characters open" : $"begin with the same four characters as \"{rules[rule].Text}\"";
                errors.Add($"The tags that {which} have more than {MaxTogether} characters together; {MempoolAttributor.Name} would compare all of them at every byte.");
                return;
            }
        }
    }

    /// <summary>One of the first places takes more than one character and its other case. What is not open never begins as another does, unless it begins the same.</summary>
    private static bool IsOpen(PlainTag tag)
    {
        for (var place = 0; place < Math.Min(PlainTagSearch.Places, tag.Length); place++)
        {
            var one = JavaScriptCharacters.Match(First(tag, place));
            for (var c = 0; c < one.Length; c++)
            {
                if (tag.Takes(place, (byte)c) && !one[c])
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The lowest character that a place takes; beyond all characters where it takes none, or where the tag has ended.</summary>
    private static int First(PlainTag tag, int place)
    {
        var c = 0;
        while (c < JavaScriptCharacters.Count && (place >= tag.Length || !tag.Takes(place, (byte)c)))
        {
            c++;
        }

        return c;
    }
}
