using System.Text;
using System.Text.Json;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>
/// The attribution of every coinbase in Fixtures/coinbases.jsonl as golden files: ours with our list, and mempool.space's rule with its list.
/// UPDATE_GOLDEN=1 writes them anew.
/// </summary>
public sealed class RealCoinbaseTests
{
    /// <summary>Names in the sources of the fixtures that are not spelled like our slugs.</summary>
    private static readonly Dictionary<string, string> SlugOfLabel = new()
    {
        ["discusfishf2pool"] = "f2pool",
        ["slushpool"] = "braiinspool",
        ["oceanxyz"] = "ocean",
        ["bitfufu"] = "bitfufupool",
    };

    private static readonly Dictionary<string, PoolAttributor> Attributors = new()
    {
        ["poolwatch/1"] = PoolAttributor.Create("poolwatch/1", PoolList.LoadBundled()),
        ["mempool/1"] = PoolAttributor.Create("mempool/1", MempoolList.Load()),
    };

    [Theory]
    [InlineData("poolwatch/1", "attribution.txt", "label-differences.txt")]
    [InlineData("mempool/1", "attribution-mempool.txt", "label-differences-mempool.txt")]
    public void Real_coinbases_are_attributed_as_labelled_or_the_difference_is_explained(string algorithm, string golden, string differences)
    {
        var (attributor, explanations) = (Attributors[algorithm], Explanations(differences));
        var lines = ReadCoinbases().Select(coinbase => Line(coinbase, coinbase.Attribute(attributor), explanations));
        AssertGolden(golden, ["# height hash8 pool method evidence conflicts | labels | why a label differs", .. lines]);
    }

    [Fact]
    public void Real_coinbases_name_these_miners()
    {
        var named = ReadCoinbases().Select(coinbase => (coinbase, attribution: coinbase.Attribute(Attributors["poolwatch/1"]))).Where(c => c.attribution.Miners.Count > 0);

        AssertGolden("miners.txt", ["# height hash8 pool miners", .. named.Select(c => $"{Key(c.coinbase)} {Slug(c.attribution)} {string.Join(" | ", c.attribution.Miners)}")]);
    }

    [Theory]
    [InlineData("poolwatch/1", "label-differences.txt")]
    [InlineData("mempool/1", "label-differences-mempool.txt")]
    public void Every_difference_from_a_label_is_explained_and_nothing_else(string algorithm, string differences)
    {
        var explained = Explanations(differences).Keys.ToHashSet();
        var differing = ReadCoinbases().Where(coinbase => Differs(coinbase, coinbase.Attribute(Attributors[algorithm]))).Select(Key).ToHashSet();

        Assert.Equal(differing.Order(), explained.Order());
    }

    [Fact]
    public void A_few_satoshi_to_an_address_do_not_decide()
    {
        // 877792 and 879008 pay 546 satoshi to one listed address and the reward to another.
        var attributions = ReadCoinbases().Where(c => c.Height is 877_792 or 879_008).Select(c => c.Attribute(Attributors["poolwatch/1"])).ToList();

        Assert.Equal(2, attributions.Count);
        Assert.All(attributions, attribution => Assert.Equal(("foundryusa", 1), (attribution.Pool?.Slug, attribution.Winner?.Index)));
        Assert.All(attributions, attribution => Assert.Contains(attribution.Others, other => other is { Index: 0, Value: 546 }));
    }

    [Fact]
    public void Pools_that_are_said_to_be_always_paid_are_in_every_real_coinbase()
    {
        var attributor = Attributors["poolwatch/1"];
        var found = ReadCoinbases().Where(coinbase => coinbase.Outputs.Count > 0 || coinbase.Whole is not null)
            .Select(coinbase => (coinbase.Height, Attribution: coinbase.Attribute(attributor))).ToList();

        Assert.Equal(3, attributor.List.Pools.Count(pool => pool.PaidFrom is not null));
        Assert.DoesNotContain(found, f => f.Attribution.Conflicts.HasFlag(AttributionConflicts.ClaimToDoubt));
        Assert.All(
            attributor.List.Pools.Where(pool => pool.PaidFrom is not null),
            pool => Assert.True(found.Count(f => f.Attribution.Pool == pool && f.Height >= pool.PaidFrom) >= 4, pool.Slug));
    }

    private static void AssertGolden(string golden, IEnumerable<string> lines)
    {
        var text = string.Join('\n', [.. lines, ""]);
        var path = PoolFixtures.SourcePath("Golden", golden);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    private static string Line(RealCoinbase coinbase, Attribution attribution, Dictionary<string, string> explanations)
    {
        var evidence = attribution.Winner is { } winner ? $"\"{winner.Text}\"@{winner.Index}" : "-";
        var explanation = explanations.GetValueOrDefault(Key(coinbase));
        var labels = coinbase.Labels.Count == 0 ? "-" : string.Join(", ", coinbase.Labels);
        return $"{coinbase.Height} {coinbase.Hash8} {Slug(attribution)} {attribution.Method} {evidence} {attribution.Conflicts} | {labels} | {explanation ?? "-"}";
    }

    private static bool Differs(RealCoinbase coinbase, Attribution attribution) =>
        coinbase.Labels.Any(label => SlugOf(label) != Slug(attribution));

    private static string SlugOf(string label)
    {
        var slug = string.Concat(label.ToLowerInvariant().Where(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        return SlugOfLabel.GetValueOrDefault(slug, slug);
    }

    private static string Slug(Attribution attribution) => attribution.Pool?.Slug ?? Pool.UnknownSlug;

    private static string Key(RealCoinbase coinbase) => $"{coinbase.Height} {coinbase.Hash8}";

    private static Dictionary<string, string> Explanations(string file) =>
        File.ReadAllLines(PoolFixtures.OutputPath("Fixtures", file))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    private static IEnumerable<RealCoinbase> ReadCoinbases() =>
        File.ReadLines(PoolFixtures.OutputPath("Fixtures", "coinbases.jsonl")).Select(line => RealCoinbase.Read(JsonDocument.Parse(line).RootElement));

    private sealed record RealCoinbase(int Height, string Hash8, Coinbase? Whole, byte[] ScriptSig, IReadOnlyList<TxOut> Outputs, IReadOnlyList<string> Labels)
    {
        public static RealCoinbase Read(JsonElement json) => new(
            json.GetProperty("height").GetInt32(),
            Text(json, "hash") is { } hash ? hash[^8..] : "-",
            Text(json, "coinbase_tx_hex") is { } transaction ? Coinbase.Decode(Convert.FromHexString(transaction)) : null,
            Convert.FromHexString(json.GetProperty("script_sig_hex").GetString()!),
            json.TryGetProperty("outputs", out var outputs) ? [.. outputs.EnumerateArray().Select(ReadOutput)] : [],
            [.. new[] { "label", "label_from_parquet" }.Select(name => Text(json, name)).OfType<string>()]);

        public Attribution Attribute(PoolAttributor attributor) =>
            Whole is null ? attributor.Attribute(ScriptSig, Outputs, Height) : attributor.Attribute(Whole, Height);

        // A payment whose value the source does not tell counts as the least there is.
        private static TxOut ReadOutput(JsonElement json) => new(
            json.TryGetProperty("value", out var value) ? value.GetInt64() : 1,
            Text(json, "script_hex") is { } script ? Convert.FromHexString(script) : PoolFixtures.Script(Text(json, "address")!));

        private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
