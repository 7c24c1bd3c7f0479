namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Whether there is any scriptSig at all in which a pattern is found.</summary>
/// <remarks>
/// A place in a text is all that assertions see of it: what is before, and what is behind. So all texts there are can be tried at once, character by
/// character. The time is bounded by the number of steps.
/// </remarks>
internal static class PatternTexts
{
    /// <summary>The scriptSig of a coinbase has from 2 to 100 bytes (consensus rule <c>bad-cb-length</c>).</summary>
    public const int Shortest = 2;

    /// <summary>As long as a tag may be.</summary>
    public const int Longest = PoolList.MaxTagLength;

    private static readonly Side[] Sides = Enum.GetValues<Side>();

    /// <summary>What stands at one side of a place.</summary>
    private enum Side
    {
        /// <summary>Nothing: the text begins or ends.</summary>
        Edge,

        /// <summary>An ASCII letter, a digit or an underscore.</summary>
        Word,

        /// <summary>Another character.</summary>
        Other,
    }

    /// <summary>Fewest characters that a match has if all assertions hold; <see cref="int.MaxValue"/> at most.</summary>
    public static long ShortestMatch(JavaScriptPattern pattern) => Math.Min(int.MaxValue, pattern switch
    {
        JavaScriptPattern.Character => 1,
        JavaScriptPattern.Sequence sequence => sequence.Parts.Sum(ShortestMatch),
        JavaScriptPattern.Choice choice => choice.Options.Min(ShortestMatch),
        JavaScriptPattern.Repetition repetition => repetition.Min * ShortestMatch(repetition.Body),
        _ => 0,
    });

    /// <summary>Whether there is a scriptSig in which the pattern is found.</summary>
    public static bool Exist(PatternProgram program)
    {
        var seen = new HashSet<Place>();
        var now = new Stack<Place>(Sides.SelectMany(before => Sides.Select(behind => new Place(0, before == Side.Edge, before, behind, 0))));
        for (var length = 0; length <= Longest && now.Count > 0; length++)
        {
            var next = new Stack<Place>();
            while (now.TryPop(out var place))
            {
                if (seen.Add(place) && IsFound(program.Steps[place.Step], place, length, now, next))
                {
                    return true;
                }
            }

            now = next;
        }

        return false;
    }

    private static bool IsFound(PatternProgram.Step step, Place place, int length, Stack<Place> now, Stack<Place> next)
    {
        switch (step.Action)
        {
            case PatternProgram.Action.Accept:
                return Fits(place, length);
            case PatternProgram.Action.Fork:
                now.Push(place with { Step = step.Target });
                now.Push(place with { Step = step.Other });
                break;
            case PatternProgram.Action.Check when Holds(step.Kind, place):
                now.Push(place with { Step = place.Step + 1 });
                break;
            case PatternProgram.Action.Take when Takes(step, place.Behind):
                // Which lengths were too short is all that has to be told apart: of the others the first is the best.
                Array.ForEach(Sides, behind => next.Push(new(place.Step + 1, place.FromStart, place.Behind, behind, Math.Min(length + 1, Shortest))));
                break;
            default:
                break;
        }

        return false;
    }

    /// <summary>A match that does not reach from start to end needs one more character at each side, and may have more.</summary>
    private static bool Fits(Place place, int length)
    {
        var around = (place.FromStart ? 0 : 1) + (place.Behind == Side.Edge ? 0 : 1);
        return length + around <= Longest && (around > 0 || length >= Shortest);
    }

    private static bool Holds(PatternAssertion assertion, Place place) => assertion switch
    {
        PatternAssertion.Start => place.Before == Side.Edge,
        PatternAssertion.End => place.Behind == Side.Edge,
        PatternAssertion.WordEdge => (place.Before == Side.Word) != (place.Behind == Side.Word),
        _ => (place.Before == Side.Word) == (place.Behind == Side.Word),
    };

    private static bool Takes(PatternProgram.Step step, Side side)
    {
        for (var c = 0; side != Side.Edge && c < JavaScriptCharacters.Count; c++)
        {
            if (step.Takes![c] && JavaScriptCharacters.IsWord(c) == (side == Side.Word))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="Step">The step that comes next.</param>
    /// <param name="FromStart">Whether the match begins where the text does.</param>
    /// <param name="Before">What is before the place.</param>
    /// <param name="Behind">What is behind it.</param>
    /// <param name="Length">Characters of the match so far; <see cref="Shortest"/> stands for all from there on.</param>
    private readonly record struct Place(int Step, bool FromStart, Side Before, Side Behind, int Length);
}
