using System.Diagnostics;
using System.Text;
using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Unknown;
using static PoolWatch.Core.Tests.Unknown.UnknownFixtures;

namespace PoolWatch.Core.Tests.Unknown;

public sealed class UnknownClustersProperties
{
    private static readonly string[] Texts = ["/Acme/ one", "/Acme/ two", "Zebulon", "x Zebulon y", "nodeStratum", "short", "", "<uuid>"];

    private static readonly Gen<UnknownBlock[]> Blocks =
        Gen.Select(Gen.Int[0, Texts.Length - 1], Gen.Int[0, 12], Gen.Int[0, 12], Gen.Byte.Array[0, 30]).Array[0, 30].Select(all => all
            .Select((b, i) => Block(
                1000 + i, (b.Item1 == Texts.Length - 1 ? $"/{Uuid(i)}/" : Texts[b.Item1]) + "\x01" + Encoding.Latin1.GetString(b.Item4),
                Paying(b.Item2), Paying(b.Item3, Subsidy / 3)))
            .ToArray());

    [Fact]
    public void The_order_of_the_blocks_does_not_matter() => Gen.Select(Blocks, Gen.Int).Sample((blocks, seed) =>
    {
        var shuffled = blocks.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(UnknownClusters.Find(blocks).Select(Text), UnknownClusters.Find(shuffled).Select(Text));
    });

    [Fact]
    public void Blocks_of_others_change_no_candidate() => Blocks.Sample(blocks =>
    {
        UnknownBlock[] others = [.. Enumerable.Range(0, 20).Select(i => Block(5000 + i, i % 2 == 0 ? "Quokka7" : "", 100 + (i % 4)))];

        var found = UnknownClusters.Find([.. others, .. blocks]).Select(Text).ToList();

        Assert.Subset(found.ToHashSet(), UnknownClusters.Find(blocks).Select(Text).ToHashSet());
    });

    [Fact]
    public void Each_block_is_in_one_candidate_at_most_and_each_candidate_has_two_or_more() => Blocks.Sample(blocks =>
    {
        var found = UnknownClusters.Find(blocks);
        var heights = found.SelectMany(c => c.Blocks).Select(b => b.Height).ToList();

        Assert.Equal(heights.Distinct().Count(), heights.Count);
        Assert.All(found, c => Assert.True(c.Blocks.Count >= 2));
        Assert.Equal(found.Select(c => c.Id).Distinct().Count(), found.Count);
    });

    [Fact]
    public void Any_bytes_are_read() => Gen.Select(Gen.Byte.Array[0, 120], Gen.Byte.Array[0, 80].Array[0, 5]).Array[2, 6].Sample(coinbases =>
    {
        var blocks = coinbases.Select((c, i) => new UnknownBlock(
            i, BlockHash.Of([(byte)i]), CoinbaseTraces.Of(c.Item1, [.. c.Item2.Select((script, n) => new TxOut(n, script))]))).ToArray();

        Assert.All(UnknownClusters.Find(blocks), c => Assert.True(c.Text?.Text.All(t => t is >= ' ' and < '\x7f') ?? true));
    });

    [Fact]
    public void Hostile_coinbases_take_bounded_time_and_memory()
    {
        // A full difficulty period of unknown blocks: a hundred bytes of text that all share, and the smallest outputs, two hundred each.
        var text = string.Concat(Enumerable.Range(0, 96).Select(i => (char)('A' + (i * 7 % 50))));
        var clock = Stopwatch.StartNew();
        UnknownBlock[] blocks = [.. Enumerable.Range(0, 2016).Select(i => Block(
            800_000 + i, text, [.. Enumerable.Range(0, 200).Select(o => Paying((i * 200) + o, 1))]))];
        Assert.All(blocks, b => Assert.Equal(CoinbaseTraces.MaxPayouts, b.Traces.Payouts.Count));

        var found = Assert.Single(UnknownClusters.Find(blocks));

        Assert.Equal(2016, found.Blocks.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }
}
