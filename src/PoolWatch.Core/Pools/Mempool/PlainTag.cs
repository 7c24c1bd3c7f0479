namespace PoolWatch.Core.Pools.Mempool;

/// <summary>A pattern that is a fixed number of characters in a row, as nearly all tags are.</summary>
/// <param name="Characters">For each place the characters of Latin-1 that match there.</param>
/// <param name="AtStart">Whether it has to stand at the start of the text.</param>
/// <param name="AtEnd">Whether it has to stand at the end of the text.</param>
internal sealed record PlainTag(IReadOnlyList<bool[]> Characters, bool AtStart, bool AtEnd)
{
    /// <summary>The pattern as one row of characters, or null if it is something else or longer than <see cref="PlainTagSearch.MaxLength"/>.</summary>
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
            characters, assertions.Any(a => a.Kind == PatternAssertion.Start), assertions.Any(a => a.Kind == PatternAssertion.End));
    }

    private static bool TryFlatten(JavaScriptPattern pattern, List<bool[]> characters, List<(PatternAssertion, int)> assertions)
    {
        switch (pattern)
        {
            case JavaScriptPattern.Character character:
                characters.Add([.. character.Matches]);
                return characters.Count <= PlainTagSearch.MaxLength;
            case JavaScriptPattern.Assertion assertion:
                assertions.Add((assertion.Kind, characters.Count));
                return true;
            case JavaScriptPattern.Sequence sequence:
                return sequence.Parts.All(part => TryFlatten(part, characters, assertions));
            case JavaScriptPattern.Repetition { Min: <= PlainTagSearch.MaxLength } repetition when repetition.Min == repetition.Max:
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
