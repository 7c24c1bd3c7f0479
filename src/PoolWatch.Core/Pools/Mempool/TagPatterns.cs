namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Finds the tags of all pools in a scriptSig that is read as Latin-1, each tag a JavaScript regular expression that ignores case.</summary>
internal sealed class TagPatterns
{
    private readonly RuleBook _rules;
    private readonly PlainTagSearch _plain;
    private readonly (int Rule, PatternProgram Program)[] _programs;
    private readonly int[] _lengths;

    /// <exception cref="PoolListException">A tag is no regular expression, or has what can't be searched for; all such tags are named.</exception>
    public TagPatterns(RuleBook rules)
    {
        _rules = rules;
        _lengths = new int[rules.Count];
        var errors = new PoolListErrors();
        List<(int, PlainTag)> plain = [];
        List<(int Rule, PatternProgram Program)> programs = [];
        var steps = 0;
        for (var rule = 0; rule < rules.Count && !errors.IsFull && steps <= PatternProgram.MaxSteps; rule++)
        {
            try
            {
                var pattern = JavaScriptPattern.Parse(rules[rule].Text);
                if (PlainTag.From(pattern) is { } tag)
                {
                    plain.Add((rule, tag));
                    _lengths[rule] = tag.Length;
                }
                else
                {
                    var program = PatternProgram.Compile(pattern);
                    programs.Add((rule, program));
                    steps += program.Length;
                }
            }
            catch (PatternException e)
            {
                errors.Add($"{rules.PoolOf(rule).Slug}: {MempoolAttributor.Name} can't use the tag \"{rules[rule].Text}\" as a regular expression: {e.Message}.");
            }
        }

        CheckSteps(steps, programs.Count, errors);
        PlainTagChecks.Check(plain, rules, errors);
        if (errors.Messages.Count > 0)
        {
            throw new PoolListException(errors.Messages);
        }

        _plain = new PlainTagSearch(rules, plain);
        _programs = [.. programs];
    }

    /// <summary>How many bytes a tag matches; 0 where that depends on the text.</summary>
    public int LengthOf(int rule) => _lengths[rule];

    /// <summary>Collects one hit for each tag that is found, with its first place.</summary>
    public void Find(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits)
    {
        _plain.Find(scriptSig, height, ref hits);
        foreach (var (rule, program) in _programs)
        {
            if (_rules.Covers(rule, height) && program.Find(scriptSig) is >= 0 and var place)
            {
                hits.Add(new Hit(rule, place, 0));
            }
        }
    }

    private static void CheckSteps(int steps, int programs, PoolListErrors errors)
    {
        if (steps > PatternProgram.MaxSteps)
        {
            errors.Add($"The first {programs} tags with quantifiers or choices have {steps} steps together when written out; "
                + $"{MempoolAttributor.Name} takes at most {PatternProgram.MaxSteps}.");
        }
    }
}
