using System.Globalization;
using System.Text.RegularExpressions;

namespace PoolWatch.Tests.Deployment;

/// <summary>Queries of the dashboards with values for their variables and macros, as Grafana would send them.</summary>
internal static partial class GrafanaVariables
{
    public static string Fill(string text, string instance)
    {
        var now = TimeProvider.System.GetUtcNow();
        var filled = TimeFilter().Replace(text, m => string.Create(
            CultureInfo.InvariantCulture, $"{m.Groups[1].Value} BETWEEN '{now.AddYears(-2):yyyy-MM-ddTHH:mm:ssZ}' AND '{now:yyyy-MM-ddTHH:mm:ssZ}'"));
        foreach (var (name, value) in new[]
        {
            ("$__rate_interval", "1m"), ("${pool:sqlstring}", "'foundryusa'"), ("${layer:sqlstring}", "'pool'"), ("${schema:sqlstring}", "'poolwatch_regtest'"),
            ("$schema", "poolwatch_regtest"), ("$pool", "foundryusa"), ("$layer", "pool"), ("$sample", "0"), ("$window", "1008"), ("$instance", instance),
        })
        {
            filled = filled.Replace(name, value, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("$", filled, StringComparison.Ordinal);
        return filled;
    }

    [GeneratedRegex("\\$__timeFilter\\((\\w+)\\)")]
    private static partial Regex TimeFilter();
}
