namespace PoolWatch.Core.Pools.Mempool;

/// <summary>One tag as a JavaScript regular expression, for those who look for few of them.</summary>
internal sealed class TagPattern
{
    private readonly PlainTag? _plain;
    private readonly PatternProgram? _program;

    /// <exception cref="PatternException">It is no regular expression, or one that <c>mempool/1</c> refuses.</exception>
    public TagPattern(string text)
    {
        var pattern = JavaScriptPattern.Parse(text);
        _plain = PlainTag.From(pattern);
        _program = _plain is null ? PatternProgram.Compile(pattern) : null;
    }

    public bool IsIn(ReadOnlySpan<byte> scriptSig)
    {
        if (_plain is null)
        {
            return _program!.Find(scriptSig) >= 0;
        }

        for (var start = 0; start + _plain.Length <= scriptSig.Length; start++)
        {
            if (_plain.IsAt(scriptSig, start))
            {
                return true;
            }
        }

        return false;
    }
}
