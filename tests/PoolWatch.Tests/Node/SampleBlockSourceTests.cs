using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;
using PoolWatch.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

public sealed class SampleBlockSourceTests : BlockSourceContract
{
    private const int HeaderLength = 80;

    public SampleBlockSourceTests()
    {
        var (first, blocks) = SampleChain.Build();
        Blocks = [.. blocks.Select((block, i) => new ExpectedBlock(first + i, block[..HeaderLength], block[HeaderLength], block[(HeaderLength + 1)..]))];
    }

    protected override string Name => "sample";

    protected override IReadOnlyList<ExpectedBlock> Blocks { get; }

    protected override IBlockSource Open() => new SampleBlockSource();

    [Fact]
    public async Task The_sample_says_that_it_is_one()
    {
        var chain = await Open().GetChainAsync(Token);

        Assert.Equal("sample", chain.Network);
        Assert.False(chain.InitialDownload);
    }

    [Theory]
    [InlineData("poolwatch/1")]
    [InlineData("mempool/1")]
    public void Its_coinbases_are_what_the_labels_say_without_conflict(string algorithm)
    {
        var attributor = PoolAttributor.Create(algorithm, PoolList.LoadBundled());
        var labels = SampleLabels.Load();

        var attributions = SampleChain.Build().Blocks.Select((block, i) => attributor.Attribute(BlockDecoder.Decode(block).Coinbase, labels[i].Height)).ToList();

        Assert.Equal(labels.Select(label => attributor.List.Find(label.Pool)?.Slug), attributions.Select(attribution => attribution.Pool?.Slug));
        Assert.All(attributions, attribution => Assert.Equal(AttributionConflicts.None, attribution.Conflicts));
    }

    [Fact]
    public async Task Below_the_sample_there_are_no_hashes() =>
        Assert.Empty(await Open().GetHashesAsync(0, 10, Token));
}
