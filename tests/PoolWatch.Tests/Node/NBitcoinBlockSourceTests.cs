#if NBITCOIN
using NBitcoin;
using PoolWatch.Core.Bitcoin;
using PoolWatch.NBitcoin;

namespace PoolWatch.Tests.Node;

public sealed class NBitcoinBlockSourceTests(MinedChain chain) : SignedInSourceContract(chain)
{
    public static TheoryData<string> RealBlocks =>
        [.. Directory.GetFiles(BlocksFolder, "*.bin").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    protected override string Name => "nbitcoin";

    private static ConsensusFactory Factory => global::NBitcoin.Network.Main.Consensus.ConsensusFactory;

    private static string BlocksFolder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "blocks");

    protected override IBlockSource Open(NodeAccess access) => access.OpenNBitcoin();

    [Theory, MemberData(nameof(RealBlocks))]
    public void NBitcoin_reads_a_real_block_as_PoolWatch_does(string file)
    {
        var block = File.ReadAllBytes(Path.Combine(BlocksFolder, file));

        AssertSame(BlockDecoder.Decode(block), BlockConversion.Decode(block, Factory));
    }

    [Fact]
    public async Task NBitcoin_reads_the_mined_chain_as_PoolWatch_does()
    {
        BlockHash[] hashes = [.. Blocks.Select(block => block.Hash)];
        var ours = await Access.OpenRpc().ReadAsync(hashes, Token).ToListAsync(Token);

        var theirs = await Open().ReadAsync(hashes, Token).ToListAsync(Token);

        Assert.Equal(Blocks.Count, theirs.Count);
        Assert.All(ours.Zip(theirs), pair => AssertSame(pair.First, pair.Second));
    }

    [Theory, MemberData(nameof(RealBlocks))]
    public void A_changed_transaction_does_not_fit_the_header(string file)
    {
        var block = File.ReadAllBytes(Path.Combine(BlocksFolder, file));
        block[^1] ^= 1;

        var error = Assert.Throws<BlockFormatException>(() => BlockConversion.Decode(block, Factory));

        Assert.Equal(36, error.Offset);
    }

    [Theory, MemberData(nameof(RealBlocks))]
    public void A_block_that_is_cut_anywhere_or_goes_on_is_no_block(string file)
    {
        var block = File.ReadAllBytes(Path.Combine(BlocksFolder, file));

        for (var length = 0; length < block.Length; length += length < 400 ? 1 : 997)
        {
            Assert.Throws<BlockFormatException>(() => BlockConversion.Decode(block[..length], Factory));
        }

        Assert.Equal(block.Length, Assert.Throws<BlockFormatException>(() => BlockConversion.Decode([.. block, 0], Factory)).Offset);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("testnet3")]
    [InlineData("testnet4")]
    [InlineData("signet")]
    [InlineData("regtest")]
    public void Every_network_of_a_node_has_its_genesis_in_NBitcoin(string name)
    {
        var network = PoolWatch.Core.Bitcoin.Network.All.Single(n => n.Name == name);

        Assert.Equal(network.GenesisHash, NBitcoinBlockSource.Find(network).GenesisHash.ToString());
    }

    [Fact]
    public void The_sample_is_no_network_of_NBitcoin() =>
        Assert.Throws<ArgumentException>(() => NBitcoinBlockSource.Find(PoolWatch.Core.Bitcoin.Network.Sample));

    private static void AssertSame(BlockHead ours, BlockHead theirs)
    {
        Assert.Equal(ours.Header, theirs.Header);
        Assert.Equal(ours.TransactionCount, theirs.TransactionCount);
        Assert.Equal(ours.Coinbase.Transaction.ToArray(), theirs.Coinbase.Transaction.ToArray());
        Assert.Equal(ours.Coinbase.Txid, theirs.Coinbase.Txid);
    }
}
#endif
