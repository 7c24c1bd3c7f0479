using System.Runtime.CompilerServices;
using PoolWatch.Node;
using PoolWatch.Storage;
using PoolWatch.Sync;

namespace PoolWatch.Tests.Sync;

/// <summary>A node can say what it likes; only what its headers prove is stored.</summary>
public sealed class BranchReaderTests
{
    private const int FirstHeight = 944221;
    private static readonly PoolWatchAttributor Attributor = new(PoolList.LoadBundled());

    [Fact]
    public async Task A_branch_that_proves_itself_is_read_whole()
    {
        var blocks = await ReadAsync(new TamperedSource((head, _) => head));

        Assert.Equal(Enumerable.Range(FirstHeight, 20), blocks.Select(b => b.Height));
    }

    [Fact]
    public async Task Bytes_of_another_block_are_refused()
    {
        var other = await HeadAsync(30);

        var refused = await Assert.ThrowsAsync<InvalidBlockException>(() => ReadAsync(new TamperedSource((head, i) => i == 5 ? other : head)));

        Assert.Contains("its bytes hash to", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_without_the_networks_work_is_refused()
    {
        // The sample's work is far below what mainnet asks for.
        var refused = await Assert.ThrowsAsync<InvalidBlockException>(() => ReadAsync(new TamperedSource((head, _) => head), Network.Main));

        Assert.Contains("proof of work", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coinbase_that_the_header_does_not_commit_to_is_refused()
    {
        var other = await HeadAsync(30);

        var refused = await Assert.ThrowsAsync<InvalidBlockException>(() =>
            ReadAsync(new TamperedSource((head, i) => i == 5 ? head with { Coinbase = other.Coinbase } : head)));

        Assert.Contains("Merkle root", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_stops_linking_ends_there()
    {
        var source = new SampleBlockSource();
        var hashes = await source.GetHashesAsync(FirstHeight, 20, TestContext.Current.CancellationToken);
        var blocks = await ReadAsync(new TamperedSource((head, _) => head, [.. hashes.Take(8), .. hashes.Skip(9)]));

        Assert.Equal(8, blocks.Count);
    }

    private static async Task<List<AttributedBlock>> ReadAsync(IBlockSource source, Network? network = null)
    {
        var reader = new BranchReader(source, network ?? Network.Sample, Attributor);
        var context = new BranchContext(FirstHeight - 1, BlockHash.Zero, [], 0);
        var blocks = new List<AttributedBlock>();
        await foreach (var block in reader.ReadAsync(context, TestContext.Current.CancellationToken))
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private static async Task<BlockHead> HeadAsync(int index)
    {
        var source = new SampleBlockSource();
        var hashes = await source.GetHashesAsync(FirstHeight + index, 1, TestContext.Current.CancellationToken);
        return await source.ReadAsync(hashes, TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first blocks of the sample chain, with single ones exchanged or another list of hashes.</summary>
    private sealed class TamperedSource(Func<BlockHead, int, BlockHead> tamper, IReadOnlyList<BlockHash>? listed = null) : IBlockSource
    {
        private readonly SampleBlockSource _sample = new();

        public string Name => _sample.Name;

        public Task<SourceChain> GetChainAsync(CancellationToken cancellationToken) => _sample.GetChainAsync(cancellationToken);

        public Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken) =>
            listed is null ? _sample.GetHashesAsync(fromHeight, 20, cancellationToken) : Task.FromResult(listed);

        public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var index = 0;
            await foreach (var head in _sample.ReadAsync(hashes, cancellationToken))
            {
                yield return tamper(head, index++);
            }
        }
    }
}
