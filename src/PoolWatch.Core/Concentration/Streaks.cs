using System.Runtime.InteropServices;

namespace PoolWatch.Core.Concentration;

/// <summary>Runs of consecutive blocks of one entity in a window.</summary>
/// <param name="Entity">Number of the entity.</param>
/// <param name="Longest">Blocks of its longest run within the window; at least 1.</param>
/// <param name="LongestEnd">Index in the window of that run's last block; of the latest one where several are as long.</param>
/// <param name="Current">Blocks of the run that the window ends with; 0 unless its last block is the entity's.</param>
public readonly record struct EntityStreak(int Entity, int Longest, int LongestEnd, int Current);

/// <summary>Runs of consecutive blocks by one entity, and how probable they are by chance alone.</summary>
/// <remarks>
/// Model of the probabilities: every block is the entity's with the same probability, whoever found the others. Six in a row sound alarming and are
/// a matter of days for a pool of 30 %; only with its probability is a streak news.
/// </remarks>
public static class Streaks
{
    private const double FewRuns = 3;

    /// <summary>The runs of every entity with a block, in one pass.</summary>
    /// <param name="entities">
    /// Entity of each block in height order (<see cref="History.EntityColumn.EntitiesOf"/>). A negative number is nobody's block: it ends every run and starts none.
    /// </param>
    /// <returns>One row for each entity, by number. Runs are cut off at the window's ends.</returns>
    public static IReadOnlyList<EntityStreak> Of(ReadOnlySpan<int> entities)
    {
        var streaks = new Dictionary<int, EntityStreak>();
        for (int start = 0, end; start < entities.Length; start = end)
        {
            var entity = entities[start];
            end = start + 1;
            while (end < entities.Length && entities[end] == entity)
            {
                end++;
            }

            if (entity < 0)
            {
                continue;
            }

            ref var streak = ref CollectionsMarshal.GetValueRefOrAddDefault(streaks, entity, out _);
            if (end - start >= streak.Longest)
            {
                streak = new EntityStreak(entity, end - start, end - 1, 0);
            }

            if (end == entities.Length)
            {
                streak = streak with { Current = end - start };
            }
        }

        return [.. streaks.Values.OrderBy(static streak => streak.Entity)];
    }

    /// <summary>Expected number of runs of at least <paramref name="length"/> blocks, each counted once however long it is.</summary>
    /// <param name="length">Blocks in a row, at least 1.</param>
    /// <param name="blocks">Blocks of the window, 0 or more.</param>
    /// <param name="share">Part of the hash rate, 0..1.</param>
    /// <returns>p^r·(1 + (N − r)(1 − p)): a run starts with the window or after a foreign block. 0 where the window is too short.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static double ExpectedRuns(int length, int blocks, double share)
    {
        Require(length, blocks);
        var chance = Chance.Of(share);
        return length > blocks ? 0 : Math.Pow(share, length) * (1 + (((double)blocks - length) * chance.Failure));
    }

    /// <summary>Probability of at least one run of at least <paramref name="length"/> blocks; exact.</summary>
    /// <param name="length">Blocks in a row, at least 1.</param>
    /// <param name="blocks">Blocks of the window, 0 or more.</param>
    /// <param name="share">Part of the hash rate, 0..1.</param>
    /// <returns>0..1, at most <see cref="ExpectedRuns"/>; 0 where the window is too short.</returns>
    /// <remarks>
    /// The Markov chain of the current run's length: Q(n) = Q(n − 1) − (1 − p)·p^r·Q(n − r − 1) for no such run in n blocks. Where few runs are expected,
    /// its closed form (de Moivre 1738; Feller I, XIII.7) gives the same in a few terms whatever the window's length, and loses no digits of a small P.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static double ProbabilityOfRun(int length, int blocks, double share)
    {
        Require(length, blocks);
        var chance = Chance.Of(share);
        if (length > blocks || share == 0)
        {
            return 0;
        }

        if (chance.Failure == 0)
        {
            return 1;
        }

        // The more runs are expected, the more the closed form's alternating terms take from its digits: one at three runs, eight at twenty.
        return ExpectedRuns(length, blocks, share) <= FewRuns ? ByClosedForm(length, blocks, chance) : ByMarkovChain(length, blocks, chance);
    }

    /// <summary>Σ (−1)^(l+1)·p^r·(q·p^r)^(l−1)·C(N − l·r, l − 1)·(1 + q·(N − l·r − l + 1)/l), l = 1, 2, …</summary>
    private static double ByClosedForm(int length, int blocks, Chance chance)
    {
        var power = Math.Pow(chance.Success, length);
        var sum = 0.0;
        for (var l = 1; ((long)l * length) + l - 1 <= blocks; l++)
        {
            var free = blocks - ((long)l * length);
            var term = power;
            for (var i = 1; i < l; i++)
            {
                term *= -power * chance.Failure * (free - i + 1) / i;
            }

            term *= 1 + (chance.Failure * (free - l + 1) / l);
            sum += term;
            if (Math.Abs(term) < 1e-17 * sum)
            {
                break;
            }
        }

        return Math.Clamp(sum, 0, 1);
    }

    private static double ByMarkovChain(int length, int blocks, Chance chance)
    {
        var power = Math.Pow(chance.Success, length);
        var start = chance.Failure * power;

        // Probabilities of no such run, the last length + 1 of them in a ring: where the new one goes lies the one that it needs.
        var ring = new double[length + 1];
        Array.Fill(ring, 1);
        var none = ring[length] = 1 - power;
        for (int n = length + 1, at = 0; n <= blocks && none > 1e-20; n++)
        {
            none -= start * ring[at];
            ring[at] = none;
            at = at == length ? 0 : at + 1;
        }

        return 1 - none;
    }

    private static void Require(int length, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
    }
}
