namespace PoolWatch.Core.Concentration;

/// <summary>The chance of a double spend by an entity against so many confirmations.</summary>
/// <param name="Confirmations">What the payee waits for; 1 or more.</param>
/// <param name="AtShare">For the share of blocks that was observed, 0..1.</param>
/// <param name="AtUpperBound">For the upper end of the share's <see cref="WilsonInterval"/>, 0..1; never below <paramref name="AtShare"/>.</param>
public readonly record struct DoubleSpendRisk(int Confirmations, double AtShare, double AtUpperBound);

/// <summary>How probable a double spend is by somebody who has a share of the hash rate, waits for the payee's goods and never gives up.</summary>
/// <remarks>
/// <para>Rosenfeld, "Analysis of hashrate-based double-spending", arXiv 1402.2009: the attacker has mined one block in advance and both sides find
/// blocks at random, so the count of his during n of the honest ones is negative binomial. The white paper's section 11 takes a Poisson
/// distribution there: 17.7 % instead of 19.8 % for a share of 30 % and 5 confirmations. Name the model with the number.</para>
/// <para>Rosenfeld's sum 1 − Σ C(m+n−1, m)(pⁿqᵐ − pᵐqⁿ) takes almost everything away from 1. Regrouped it is the probability of n or more
/// plus that of n + 1 or more of the attacker's blocks among the first 2n: only positive terms, so no digit is lost at any n.</para>
/// <para>It says what could be done, not what will: a pool's blocks are its miners', and they may leave.</para>
/// </remarks>
public static class DoubleSpend
{
    /// <summary>Probability of success of a double spend.</summary>
    /// <param name="share">The attacker's part of the hash rate, 0..1.</param>
    /// <param name="confirmations">Confirmations that the payee waits for, 1 to 1,000,000,000.</param>
    /// <returns>0..1; exactly 1 from a share of one half on, 0 for a share of 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share or a number of confirmations out of its range.</exception>
    public static double Probability(double share, int confirmations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(confirmations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(confirmations, 1_000_000_000);
        var chance = Chance.Of(share);
        return share >= 0.5
            ? 1
            : BinomialTail.Upper(confirmations, 2 * confirmations, chance) + BinomialTail.Upper(confirmations + 1, 2 * confirmations, chance);
    }

    /// <summary>The risk from an entity with <paramref name="count"/> of <paramref name="total"/> blocks.</summary>
    /// <param name="count">Its blocks, 0..<paramref name="total"/>.</param>
    /// <param name="total">Blocks of the window, at least 1.</param>
    /// <param name="confirmations">Confirmations that the payee waits for, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static DoubleSpendRisk Of(int count, int total, int confirmations)
    {
        var upper = WilsonInterval.Of(count, total).Upper;
        return new DoubleSpendRisk(confirmations, Probability((double)count / total, confirmations), Probability(upper, confirmations));
    }
}
