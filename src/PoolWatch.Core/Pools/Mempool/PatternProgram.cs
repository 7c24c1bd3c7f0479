namespace PoolWatch.Core.Pools.Mempool;

/// <summary>A pattern as the steps of a machine that tries all its ways at once.</summary>
/// <remarks>
/// K. Thompson, "Regular expression search algorithm", CACM 11 (1968). The time is at most the length of the text times the number of steps,
/// whatever the pattern and the text; nothing backtracks, and searching leaves nothing behind in memory.
/// </remarks>
internal sealed class PatternProgram
{
    /// <summary>Most steps of all patterns of a list together; repetitions count with each of their turns.</summary>
    /// <remarks>Each costs up to half a microsecond for a scriptSig of 100 bytes, and a list is applied to a million coinbases. A pattern such as <c>pool-[0-9a-f]{8}</c> has 14.</remarks>
    public const int MaxSteps = 150;

    private readonly List<Step> _steps = [];

    private PatternProgram()
    {
    }

    internal enum Action
    {
        /// <summary>Takes a character and goes on with the next step.</summary>
        Take,

        /// <summary>Goes on with the next step if the assertion holds.</summary>
        Check,

        /// <summary>Goes on with both targets.</summary>
        Fork,

        /// <summary>The pattern is found.</summary>
        Accept,
    }

    public int Length => _steps.Count;

    /// <summary>The steps; the last accepts.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <exception cref="PatternException">The pattern needs more than <see cref="MaxSteps"/> steps.</exception>
    public static PatternProgram Compile(JavaScriptPattern pattern)
    {
        var program = new PatternProgram();
        program.Add(pattern);
        program.Add(new Step(Action.Accept));
        return program;
    }

    /// <summary>Where the first match begins, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text) => Find(text, 0, text.Length);

    /// <summary>Where the first match begins that lies within a part of the text, or -1; assertions see what is around the part.</summary>
    public int Find(ReadOnlySpan<byte> text, int from, int to)
    {
        const int small = 200;
        var size = _steps.Count;
        Span<Thread> room = size <= small ? stackalloc Thread[2 * small] : new Thread[2 * size];
        Span<int> seen = size <= small ? stackalloc int[small] : new int[size];
        seen.Clear();
        var now = room[..size];
        var next = room[size..(2 * size)];
        var (live, found) = (0, -1);
        for (var at = from; at <= to && (found < 0 || live > 0); at++)
        {
            // Threads are in the order of their starts, so the first to come to a step is the one to keep.
            if (found < 0)
            {
                Follow(0, at, text, at, now, ref live, seen);
            }

            var kept = 0;
            for (var i = 0; i < live; i++)
            {
                var thread = now[i];
                var step = _steps[thread.Step];
                if (step.Action == Action.Accept)
                {
                    // Those behind it start no earlier.
                    found = thread.Start;
                    break;
                }

                if (at < to && step.Takes![text[at]])
                {
                    Follow(thread.Step + 1, thread.Start, text, at + 1, next, ref kept, seen);
                }
            }

            live = kept;
            var spare = now;
            now = next;
            next = spare;
        }

        return found;
    }

    /// <summary>Adds a thread at every step that takes a character or accepts, and is reached from here without one.</summary>
    private void Follow(int step, int start, ReadOnlySpan<byte> text, int at, Span<Thread> threads, ref int count, Span<int> seen)
    {
        // Stamped with the place, so that nothing has to be cleared between places.
        while (seen[step] != at + 1)
        {
            seen[step] = at + 1;
            var (action, _, kind, target, other) = _steps[step];
            switch (action)
            {
                case Action.Fork:
                    Follow(target, start, text, at, threads, ref count, seen);
                    step = other;
                    break;
                case Action.Check when Holds(kind, text, at):
                    step++;
                    break;
                case Action.Check:
                    return;
                default:
                    threads[count++] = new Thread(step, start);
                    return;
            }
        }
    }

    private static bool Holds(PatternAssertion assertion, ReadOnlySpan<byte> text, int at) => assertion switch
    {
        PatternAssertion.Start => at == 0,
        PatternAssertion.End => at == text.Length,
        PatternAssertion.WordEdge => IsWord(text, at - 1) != IsWord(text, at),
        _ => IsWord(text, at - 1) == IsWord(text, at),
    };

    private static bool IsWord(ReadOnlySpan<byte> text, int at) => at >= 0 && at < text.Length && JavaScriptCharacters.IsWord(text[at]);

    private void Add(JavaScriptPattern pattern)
    {
        switch (pattern)
        {
            case JavaScriptPattern.Character character:
                Add(new Step(Action.Take, character.Matches));
                break;
            case JavaScriptPattern.Assertion assertion:
                Add(new Step(Action.Check, Kind: assertion.Kind));
                break;
            case JavaScriptPattern.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Add(part);
                }

                break;
            case JavaScriptPattern.Choice choice:
                AddChoice(choice.Options);
                break;
            case JavaScriptPattern.Repetition repetition:
                AddRepetition(repetition);
                break;
        }
    }

    private void AddChoice(IReadOnlyList<JavaScriptPattern> options)
    {
        List<int> ends = [];
        for (var i = 0; i < options.Count; i++)
        {
            var fork = AddFork();
            Add(options[i]);
            ends.Add(AddFork());
            _steps[fork] = _steps[fork] with { Other = i + 1 < options.Count ? _steps.Count : fork + 1 };
        }

        ends.ForEach(end => _steps[end] = new Step(Action.Fork, Target: _steps.Count, Other: _steps.Count));
    }

    private void AddRepetition(JavaScriptPattern.Repetition repetition)
    {
        var last = _steps.Count;
        for (var turn = 0; turn < repetition.Min; turn++)
        {
            last = _steps.Count;
            Add(repetition.Body);
            if (_steps.Count == last)
            {
                // Nothing, a million times over, is nothing.
                return;
            }
        }

        if (repetition.Max is null && repetition.Min > 0)
        {
            Add(new Step(Action.Fork, Target: last, Other: _steps.Count + 1));
        }
        else if (repetition.Max is null)
        {
            AddOptional(repetition.Body, again: true);
        }

        for (var turn = repetition.Min; turn < repetition.Max; turn++)
        {
            AddOptional(repetition.Body, again: false);
        }
    }

    private void AddOptional(JavaScriptPattern body, bool again)
    {
        var fork = AddFork();
        Add(body);
        if (again)
        {
            Add(new Step(Action.Fork, Target: fork, Other: fork));
        }

        _steps[fork] = _steps[fork] with { Other = _steps.Count };
    }

    /// <returns>Number of a fork to the next step, whose other target is still to be set.</returns>
    private int AddFork()
    {
        Add(new Step(Action.Fork, Target: _steps.Count + 1));
        return _steps.Count - 1;
    }

    private void Add(Step step)
    {
        if (_steps.Count == MaxSteps)
        {
            throw new PatternException($"written out it has more than {MaxSteps} steps");
        }

        _steps.Add(step);
    }

    private readonly record struct Thread(int Step, int Start);

    internal readonly record struct Step(Action Action, bool[]? Takes = null, PatternAssertion Kind = default, int Target = 0, int Other = 0);
}
