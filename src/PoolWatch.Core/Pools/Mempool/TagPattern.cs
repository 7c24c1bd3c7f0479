namespace PoolWatch.Core.Pools.Mempool;

/// <summary>One tag as a JavaScript regular expression, for those who look for few of them.</summary>
internal sealed class TagPattern
{
    private readonly PlainTag? _plain;
    private readonly PatternProgram? _program;

    /// <exception cref="PatternException">It needs more steps than <c>mempool/1</c> takes.</exception>
    public TagPattern(JavaScriptPattern pattern)
    {
        _plain = PlainTag.From(pattern);
        _program = _plain is null ? PatternProgram.Compile(pattern) : null;
    }

    /// <summary>Whether there is a scriptSig in which it is found.</summary>
    public bool CanMatch() => _plain?.CanMatch ?? PatternTexts.Exist(_program!);

    public bool IsIn(ReadOnlySpan<byte> scriptSig) => IsIn(scriptSig, 0, scriptSig.Length);

    /// <summary>Whether it is found within a part of a scriptSig; assertions see what is around the part.</summary>
    public bool IsIn(ReadOnlySpan<byte> scriptSig, int from, int to)
    {
        if (_plain is null)
        {
            return _program!.Find(scriptSig, from, to) >= 0;
        }

        for (var start = from; start + _plain.Length <= to; start++)
        {
            if (_plain.IsAt(scriptSig, start))
            {
                return true;
            }
        }

        return false;
    }
}
