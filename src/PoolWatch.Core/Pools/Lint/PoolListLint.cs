using System.Globalization;
using PoolWatch.Core.Pools.Mempool;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>Finds rules of a pool list that can't work, or work otherwise than they read.</summary>
/// <remarks>Pure. Each tag is compared with each other, so lists of more than <see cref="MaxTags"/> tags are refused.</remarks>
public static class PoolListLint
{
    /// <summary>Most tags of a list that is compared; the public lists have about 200.</summary>
    public const int MaxTags = 4_000;

    /// <summary>Each costs the time that it may take at most.</summary>
    private const int MostSlow = 20;

    /// <summary>Looks at a public list by the rules of those who use it.</summary>
    /// <param name="list">The list; its kind decides what a tag means.</param>
    /// <returns>Findings in the order of the list; those of pools as a whole first, of slow expressions last.</returns>
    /// <exception cref="PoolListException">The list has more than <see cref="MaxTags"/> tags or more bytes of them than a list of ours may have, or they take too long to look for.</exception>
    public static IReadOnlyList<LintFinding> Check(PublicPoolList list)
    {
        var pools = list.Pools;
        RefuseTooMany(pools.SelectMany(pool => pool.Tags));
        List<LintFinding> findings = [.. PublicPoolLint.Check(pools), .. ImportRefusals.Of(list)];
        List<LintedTag> tags = [];
        var time = new LintTime();
        for (var i = 0; i < pools.Count; i++)
        {
            foreach (var text in pools[i].Tags)
            {
                try
                {
                    tags.Add(list.Kind == PublicListKind.Mempool
                        ? LintedTag.OfMempool(pools[i].Name, i, text, time)
                        : LintedTag.OfPlainText(pools[i].Name, i, text, caseSensitive: true));
                }
                catch (PatternException e)
                {
                    findings.Add(new LintFinding(LintCode.BadPattern, pools[i].Name, $"The tag \"{Sentence.Quote(text)}\" can't be used as a JavaScript regular expression: {e.Message}."));
                }
            }
        }

        CheckTags(tags, findings);
        return findings;
    }

    /// <summary>Looks at a list of ours, which was read already and so has none of the faults that reading refuses.</summary>
    /// <returns>Findings in the order of the list.</returns>
    /// <exception cref="PoolListException">The list has more than <see cref="MaxTags"/> tags.</exception>
    public static IReadOnlyList<LintFinding> Check(PoolList list)
    {
        List<LintFinding> findings = [];
        var tags = list.Pools.SelectMany((pool, i) => pool.Tags.Select(rule => LintedTag.OfPlainText(pool.Name, i, rule.Text, TagText.IsCaseSensitive(rule)))).ToList();
        RefuseTooMany(tags.Select(tag => tag.Text));
        foreach (var tag in tags)
        {
            CheckLength(tag, findings);
            CheckCharacters(tag, findings);
        }

        return findings;
    }

    private static void CheckTags(List<LintedTag> tags, List<LintFinding> findings)
    {
        foreach (var tag in tags)
        {
            tag.Probe();
            RefuseTooSlow(tags);
        }

        foreach (var tag in tags)
        {
            CheckMatches(tag, tags, findings);
            if (tag.CanMatch && ImportRefusals.IsTooLong(tag.Text))
            {
                findings.Add(ImportRefusals.Of(tag.Pool, $"The tag \"{Sentence.Quote(tag.Text)}\" is written with more than {PoolList.MaxTagLength} bytes."));
            }

            CheckLength(tag, findings);
            CheckCharacters(tag, findings);
            RefuseTooSlow(tags);
        }

        findings.AddRange(tags.Where(tag => tag.IsSlow).Select(tag => new LintFinding(
            LintCode.SlowPattern, tag.Pool, $"The tag \"{tag.Text}\" takes too long to look for: a miner could make every block take as long.")));
    }

    private static void CheckMatches(LintedTag tag, List<LintedTag> tags, List<LintFinding> findings)
    {
        if (FindUnclear(tag) is { } unclear)
        {
            findings.Add(unclear);
            return;
        }

        if (tag.HasOpenDot)
        {
            findings.Add(new(LintCode.Metacharacter, tag.Pool,
                $"In the tag \"{tag.Text}\" \".\" stands for other characters too; a backslash before it makes it mean itself."));
        }

        foreach (var other in tags.Where(other => other.PoolIndex < tag.PoolIndex && other.CanMatch))
        {
            if (other.IsFoundWherever(tag))
            {
                findings.Add(new(LintCode.Shadowed, tag.Pool, $"The tag \"{tag.Text}\" never decides: wherever it stands, {other}, which is earlier in the list, is found too."));
            }
            else if (tag.IsFoundIn(other))
            {
                findings.Add(new(LintCode.Order, other.Pool, $"The tag {other} decides only because it is earlier in the list than {tag}, which is found in it."));
            }
        }
    }

    /// <summary>A tag of which there is no telling what text it is meant for, or which is for none.</summary>
    private static LintFinding? FindUnclear(LintedTag tag)
    {
        // The text of a rule may be long, so what is wrong with it comes before the end at which sentences are cut.
        var quoted = Sentence.Quote(tag.Text);
        return tag switch
        {
            { IsTooLong: true } => new(LintCode.NeverMatches, tag.Pool,
                $"The tag \"{quoted}\" finds nothing of less than {PatternTexts.Longest + 1} bytes, and no coinbase has so many in its scriptSig."),
            { CanMatch: false } => new(LintCode.NeverMatches, tag.Pool, $"The tag \"{quoted}\" does not even find its own text, and no other either."),
            { IsPattern: true } => new(LintCode.Pattern, tag.Pool, $"The tag \"{quoted}\" is a regular expression; only its author knows what it is meant to find."),
            _ when !tag.IsFoundIn(tag) => new(LintCode.Pattern, tag.Pool,
                $"The tag \"{quoted}\" does not find its own UTF-8, only the same letters as bytes of Latin-1; nobody but its author knows whether that is meant."),
            _ => null,
        };
    }

    private static void CheckLength(LintedTag tag, List<LintFinding> findings)
    {
        if (tag.Length < TagText.ShortestFolded)
        {
            var chance = tag.ChanceInHundredThousand.ToString("0.0e+0", CultureInfo.InvariantCulture);
            findings.Add(new(LintCode.ShortTag, tag.Pool, $"The tag \"{tag.Text}\" has {tag.Length} bytes: random bytes look like it {chance} times in 100,000 blocks."));
        }
    }

    private static void CheckCharacters(LintedTag tag, List<LintFinding> findings)
    {
        if (ImportRefusals.OfText(tag.Text) is not null)
        {
            return;
        }

        if (tag.Text.Any(c => c > '~'))
        {
            findings.Add(new(LintCode.NonAscii, tag.Pool, $"The tag \"{tag.Text}\" has characters beyond ASCII, which programs read differently."));
        }

        if (tag.Text.Trim() != tag.Text)
        {
            findings.Add(new(LintCode.Blank, tag.Pool, $"The tag \"{tag.Text}\" begins or ends with a blank, which is easily lost."));
        }
    }

    private static void RefuseTooSlow(List<LintedTag> tags)
    {
        if (tags.Count(tag => tag.IsSlow) > MostSlow)
        {
            throw new PoolListException([$"More than {MostSlow} tags are expressions that take too long to look for; the list is not looked at further."]);
        }
    }

    private static void RefuseTooMany(IEnumerable<string> tags)
    {
        var errors = new PoolListErrors();
        if (!PoolListChecks.CheckCount("tags", tags.Count(), MaxTags, errors) || !PoolListChecks.CheckTagBytes(tags, errors))
        {
            throw new PoolListException(errors.Messages);
        }
    }
}
