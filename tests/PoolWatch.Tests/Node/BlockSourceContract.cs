using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Tests.Node;

/// <summary>What every source promises (<see cref="IBlockSource"/>), whatever it reads from.</summary>
public abstract class BlockSourceContract
{
    /// <summary>The source under test; each call opens a new one.</summary>
    protected abstract IBlockSource Open();

    /// <summary>The chain that it reads, in height order.</summary>
    protected abstract IReadOnlyList<ExpectedBlock> Blocks { get; }

    protected abstract string Name { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Lowest => Blocks[0].Height;

    private int Tip => Blocks[^1].Height;

    [Fact]
    public async Task The_chain_is_described_by_its_ends()
    {
        var source = Open();

        var chain = await source.GetChainAsync(Token);

        Assert.Equal(Name, source.Name);
        Assert.Equal(Blocks[0].Hash, chain.GenesisHash);
        Assert.Equal(Lowest, chain.LowestHeight);
        Assert.Equal(Tip, chain.Height);
        Assert.Equal(Blocks[^1].Hash, chain.Hash);
        Assert.Equal(Tip, chain.HeadersHeight);
    }

    [Fact]
    public async Task Hashes_come_in_height_order_from_the_lowest_to_the_tip()
    {
        var hashes = await Open().GetHashesAsync(Lowest, Blocks.Count, Token);

        Assert.Equal(Blocks.Select(block => block.Hash), hashes);
    }

    [Fact]
    public async Task Where_the_chain_ends_there_are_fewer_hashes()
    {
        var source = Open();

        Assert.Equal(Blocks.Skip(Blocks.Count - 3).Select(block => block.Hash), await source.GetHashesAsync(Tip - 2, 1_000, Token));
        Assert.Equal([Blocks[^1].Hash], await source.GetHashesAsync(Tip, 2, Token));
        Assert.Empty(await source.GetHashesAsync(Tip + 1, 10, Token));
        Assert.Empty(await source.GetHashesAsync(Tip + 1_000_000, 10, Token));
    }

    [Fact]
    public async Task No_more_hashes_come_than_were_asked_for()
    {
        var source = Open();

        Assert.Empty(await source.GetHashesAsync(Lowest, 0, Token));
        Assert.Equal([Blocks[7].Hash], await source.GetHashesAsync(Lowest + 7, 1, Token));
        Assert.Equal(Blocks.Skip(5).Take(60).Select(block => block.Hash), await source.GetHashesAsync(Lowest + 5, 60, Token));
    }

    [Fact]
    public async Task Every_head_has_the_bytes_of_its_block()
    {
        var heads = await Open().ReadAsync([.. Blocks.Select(block => block.Hash)], Token).ToListAsync(Token);

        Assert.Equal(Blocks.Count, heads.Count);
        for (var i = 0; i < heads.Count; i++)
        {
            Blocks[i].AssertEqual(heads[i]);
        }
    }

    [Fact]
    public async Task Heads_come_in_the_order_of_the_request()
    {
        int[] order = [900, 3, 3, 1200, 0, 17, .. Enumerable.Range(100, 300).Reverse()];

        var heads = await Open().ReadAsync([.. order.Select(i => Blocks[i].Hash)], Token).ToListAsync(Token);

        Assert.Equal(order.Select(i => Blocks[i].Hash), heads.Select(head => head.Header.Hash));
    }

    [Fact]
    public async Task Nothing_is_read_where_nothing_was_asked_for() =>
        Assert.Empty(await Open().ReadAsync([], Token).ToListAsync(Token));

    [Fact]
    public async Task A_block_that_is_not_there_is_named()
    {
        var unknown = BlockHash.Of("a block that nobody mined"u8);

        var error = await Assert.ThrowsAsync<BlockSourceException>(
            async () => await Open().ReadAsync([Blocks[1].Hash, unknown], Token).ToListAsync(Token));

        Assert.Equal(SourceFault.BlockMissing, error.Fault);
        Assert.Contains(unknown.ToString(), error.Message, StringComparison.Ordinal);
    }
}
