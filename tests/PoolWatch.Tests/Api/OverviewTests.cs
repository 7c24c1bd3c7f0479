using System.Globalization;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

/// <summary>The front page says what REST says.</summary>
[Collection(SampleCollection.Name)]
public sealed class OverviewTests(SampleService sample)
{
    [Fact]
    public async Task The_front_page_has_a_row_for_each_layer_with_the_numbers_of_REST()
    {
        var page = (await sample.Service.GetTextAsync("/")).Split('\n');
        foreach (var layer in (string[])["pool", "legal", "template", "custody"])
        {
            var measures = await sample.Service.GetAsync($"/v1/concentration?window=1008&layer={layer}");
            var largest = (await sample.Service.GetAsync($"/v1/shares?window=1008&layer={layer}")).GetProperty("pools")[0];
            var row = Assert.Single(page, l => l.StartsWith(layer + " ", StringComparison.Ordinal) && l.Contains(" to ", StringComparison.Ordinal));
            Assert.Contains(largest.GetProperty("name").GetString()!, row, StringComparison.Ordinal);
            Assert.Contains(largest.GetProperty("share").GetDouble().ToString("0.00 %", CultureInfo.InvariantCulture), row, StringComparison.Ordinal);
            var hhi = measures.GetProperty("hashRate").GetProperty("hhi");
            Assert.Contains($"({Four(hhi, "lower")} to {Four(hhi, "upper")})", row, StringComparison.Ordinal);
            Assert.Contains($" {measures.GetProperty("nakamoto").GetProperty("half")} (", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_front_page_says_who_has_more_than_a_third_beyond_chance()
    {
        var metrics = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var alarm = Assert.Single(metrics.Of("poolwatch_share_alarm"), a => a.Value == 1);
        Assert.Equal(["custody", "custodian2024", "0.333333"], alarm.Labels.OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => l.Value));
        Assert.Contains(
            "\nBy custody, One custodian (2024) has more than 1/3 of the hash rate beyond chance, since height ", await sample.Service.GetTextAsync("/"), StringComparison.Ordinal);
    }

    private static string Four(JsonElement interval, string end) => interval.GetProperty(end).GetDouble().ToString("0.0000", CultureInfo.InvariantCulture);
}
