using PoolWatch.Core.Bitcoin;
using PoolWatch.Node;

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

    [Fact]
    public async Task Below_the_sample_there_are_no_hashes() =>
        Assert.Empty(await Open().GetHashesAsync(0, 10, Token));
}
