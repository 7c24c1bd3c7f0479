namespace PoolWatch.Core.Pools.Mempool;

/// <summary>A pattern that is a fixed number of characters in a row, as nearly all tags are.</summary>
internal sealed class PlainTag
{
    /// <summary>Longer ones are no plain tags, so that nothing has to be written out a million times to know.</summary>
    private const int MaxLength = PoolList.MaxTagLength;

    private readonly bool[][] _characters;
    private readonly bool _atStart;
    private readonly bool _atEnd;

    private PlainTag(bool[][] characters, bool atStart, bool atEnd) => (_characters, _atStart, _atEnd) = (characters, atStart, atEnd);

    /// <summary>How many bytes it is long; at least one.</summary>
    public int Length => _characters.Length;

    /// <summary>The pattern as one row of characters, or null if it is something else or longer than any scriptSig.</summary>
    public static PlainTag? From(JavaScriptPattern pattern)
    {
        List<bool[]> characters = [];
        List<(PatternAssertion Kind, int At)> assertions = [];
        if (!TryFlatten(pattern, characters, assertions) || characters.Count == 0
            || assertions.Any(a => a.Kind is PatternAssertion.WordEdge or PatternAssertion.NoWordEdge))
        {
            return null;
        }

        // A start behind a character, as an end before one, never comes: such a tag matches nothing.
        if (assertions.Any(a => a.At != (a.Kind == PatternAssertion.Start ? 0 : characters.Count)))
        {
            characters[0] = new bool[JavaScriptCharacters.Count];
        }

        return new PlainTag(
            [.. characters], assertions.Any(a => a.Kind == PatternAssertion.Start), assertions.Any(a => a.Kind == PatternAssertion.End));
    }

    /// <summary>Whether there is a scriptSig in which it is found.</summary>
    public bool CanMatch => _characters.All(place => place.Contains(true)) && !(_atStart && _atEnd && Length < PatternTexts.Shortest);

    /// <summary>Whether a tag whose first places match is found: nothing is left to compare.</summary>
    public bool IsSettledBy(int places) => Length <= places && !_atStart && !_atEnd;

    /// <summary>Whether a byte matches at a place of the tag.</summary>
    public bool Takes(int place, byte value) => _characters[place][value];

    /// <summary>Whether the tag stands at this offset.</summary>
    public bool IsAt(ReadOnlySpan<byte> scriptSig, int start)
    {
        var end = start + _characters.Length;
        if (end > scriptSig.Length || (_atStart && start > 0) || (_atEnd && end < scriptSig.Length))
        {
            return false;
        }

        for (var place = 0; place < _characters.Length; place++)
        {
            if (!_characters[place][scriptSig[start + place]])
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryFlatten(JavaScriptPattern pattern, List<bool[]> characters, List<(PatternAssertion, int)> assertions)
    {
        switch (pattern)
        {
            case JavaScriptPattern.Character character:
                characters.Add(character.Matches);
                return characters.Count <= MaxLength;
            case JavaScriptPattern.Assertion assertion:
                assertions.Add((assertion.Kind, characters.Count));
                return true;
            case JavaScriptPattern.Sequence sequence:
                return sequence.Parts.All(part => TryFlatten(part, characters, assertions));
            case JavaScriptPattern.Repetition repetition when repetition.Min == repetition.Max:
                return TryRepeat(repetition, characters, assertions);
            default:
                return false;
        }
    }

    private static bool TryRepeat(JavaScriptPattern.Repetition repetition, List<bool[]> characters, List<(PatternAssertion, int)> assertions)
    {
        for (var turn = 0; turn < repetition.Min; turn++)
        {
            var before = characters.Count;
            if (!TryFlatten(repetition.Body, characters, assertions))
            {
                return false;
            }

            if (characters.Count == before)
            {
                // A second turn of no characters asserts nothing new.
                return true;
            }
        }

        return true;
    }
}
