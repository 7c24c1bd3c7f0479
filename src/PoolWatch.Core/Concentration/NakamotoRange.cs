namespace PoolWatch.Core.Concentration;

/// <summary>The Nakamoto coefficients of the hash rate that a window's blocks do not contradict, 95 %.</summary>
/// <param name="Lower">
/// The smallest group of largest entities that the blocks allow to have more than the threshold of the hash rate; 1 or more, at most the coefficient
/// of the blocks.
/// </param>
/// <param name="Upper">
/// The smallest group of largest entities that the blocks prove to have more; at least the coefficient of the blocks. Null where all numbered entities
/// together do not: the unknown rest may be spread over any number of miners.
/// </param>
/// <remarks>
/// <para>After Milad, Ovezik, Karakostas and Woods, arXiv 2403.13736: tests of "these entities have at most the threshold", here exact binomial ones, 2.5 % at either end.</para>
/// <para>The k largest were chosen by the blocks that then test them, so their luck is counted twice. Downwards that is harmless: whichever group is largest in truth, the k largest
/// by blocks have no fewer. Upwards the level is divided by the number of groups of k that could as well have come out on top, each weighed by how far it is behind: 1 where
/// the ranking is clear, many where entities are equal. Coverage was measured for shares of real months and for equal entities; see ADR 13.</para>
/// </remarks>
public readonly record struct NakamotoRange(int Lower, int? Upper)
{
    private const double Level = 0.025;

    /// <summary>By how many of its standard deviations an entity is taken to be closer to the last place in the group than its blocks are.</summary>
    private const double Doubt = 1.5;

    /// <summary>The range for a window.</summary>
    /// <param name="counts">Blocks per entity, in any order.</param>
    /// <param name="threshold">The part of the hash rate that a group must have more of.</param>
    /// <param name="singletons">
    /// Further blocks, each of a miner of its own. They lie in no group that is proven to have more; in the smallest group that might have, they count like others.
    /// </param>
    /// <returns>Null without a block.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static NakamotoRange? Of(ReadOnlySpan<int> counts, Threshold threshold, int singletons = 0)
    {
        if (ConcentrationMeasures.Nakamoto(counts, threshold, singletons) is not { } coefficient)
        {
            return null;
        }

        var descending = ConcentrationMeasures.PositiveDescending(counts);
        var held = new int[descending.Length + 1];
        for (var k = 0; k < descending.Length; k++)
        {
            held[k + 1] = checked(held[k] + descending[k]);
        }

        var group = new RankedGroups(descending, held, checked(held[^1] + singletons), threshold);
        return new NakamotoRange(group.SmallestPossible(coefficient), group.SmallestProven(coefficient));
    }

    /// <param name="Descending">Blocks of each entity.</param>
    /// <param name="Held">Blocks of the k largest together, at index k.</param>
    /// <param name="Total">All blocks.</param>
    /// <param name="Threshold">The part that is tested.</param>
    private readonly record struct RankedGroups(int[] Descending, int[] Held, int Total, Threshold Threshold)
    {
        public int SmallestPossible(int coefficient)
        {
            // Blocks grow with the group, so the first group that passes is found by halving; that of the coefficient itself does.
            var chance = Chance.Of(Threshold).Reversed();
            var (low, high) = (1, coefficient);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                var blocks = middle < Held.Length ? Held[middle] : Held[^1] + middle - (Held.Length - 1);
                (low, high) = BinomialTail.Upper(Total - blocks, Total, chance) > Level ? (low, middle) : (middle + 1, high);
            }

            return low;
        }

        public int? SmallestProven(int coefficient)
        {
            var chance = Chance.Of(Threshold);
            for (var k = coefficient; k < Held.Length; k++)
            {
                var probability = BinomialTail.Upper(Held[k], Total, chance);
                if (probability <= Level && probability * RivalGroups(k) <= Level)
                {
                    return k;
                }
            }

            return null;
        }

        /// <summary>
        /// How many groups of <paramref name="k"/> could be the largest: the sum over all of them, which swap j members for j others, of e to the power of minus the blocks that they are
        /// behind times the rate at which the tail falls there. Sums of products over all choices of j are those of a polynomial's coefficients.
        /// </summary>
        private double RivalGroups(int k)
        {
            var part = (double)Threshold.Numerator / Threshold.Denominator;
            var rate = (Held[k] - (Total * part)) / (Total * part * (1 - part));
            var next = k < Descending.Length ? Descending[k] : 0;
            var edge = (Descending[k - 1] + next) / 2.0;
            var (leaving, joining) = (new double[Math.Min(k, Descending.Length - k) + 1], new double[Math.Min(k, Descending.Length - k) + 1]);
            leaving[0] = joining[0] = 1;
            for (var i = 0; i < Descending.Length; i++)
            {
                var behind = Math.Max(0, Math.Abs(Descending[i] - edge) - (Doubt * Math.Sqrt(Descending[i])));
                Multiply(i < k ? leaving : joining, Math.Exp(-rate * behind));
            }

            return leaving.Zip(joining, static (one, other) => one * other).Sum();
        }

        /// <summary>By 1 + <paramref name="weight"/>·x.</summary>
        private static void Multiply(double[] polynomial, double weight)
        {
            for (var j = polynomial.Length - 1; j > 0; j--)
            {
                polynomial[j] += polynomial[j - 1] * weight;
            }
        }
    }
}
