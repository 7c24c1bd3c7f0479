namespace PoolWatch.Core.Concentration;

/// <summary>Logarithms of what is nearly 1, and exponentials of what is nearly 0, without losing the small difference (Kahan).</summary>
internal static class NearOne
{
    /// <summary>ln(1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>eˣ − 1.</summary>
    public static double ExpMinusOne(double x)
    {
        var power = Math.Exp(x);
        return power == 1 ? x : power is 0 or double.PositiveInfinity ? power - 1 : (power - 1) * (x / Math.Log(power));
    }
}
