using System.Globalization;

namespace PoolWatch.Telemetry;

/// <summary>How numbers are written as label values.</summary>
internal static class MetricLabel
{
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>To six digits: <c>0.333333</c>.</summary>
    public static string Of(Threshold threshold) => Math.Round((double)threshold.Numerator / threshold.Denominator, 6).ToString(CultureInfo.InvariantCulture);
}
