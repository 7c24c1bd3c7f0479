using System.Text.Json;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>What a node can say of a chain that is not so.</summary>
public abstract class ChainFaultContract(FollowedNode followed) : NodeFaultContract(followed)
{
    private static readonly string UnknownHash = new('7', 64);

    [Theory]
    [InlineData(3)]
    [InlineData(13)]
    [InlineData(2_000_000_000)]
    public Task A_tip_that_its_own_blocks_do_not_lead_to_is_a_bad_answer(int above) => LiveThroughAsync(
        n => n.ClaimedTip = (n.Chain.Tip.Height + above, UnknownHash), "node_bad_answer", "don't fit together");

    [Fact]
    public async Task A_tip_below_what_is_stored_changes_nothing()
    {
        var height = (await SharedAsync()).Node.Chain.Tip.Height;

        var status = await LiveThroughAsync(n => n.ClaimedTip = (40, Followed.Chain.Blocks[40].Hash), "node_behind", "height 40", $"stored height {height}");

        Assert.Equal(height, status.GetProperty("chain").GetProperty("height").GetInt32());
    }

    [Fact]
    public Task A_height_that_is_none_is_a_fault() => LiveThroughAsync(n => n.ClaimedTip = (-5, UnknownHash), "node_bad_answer|node_behind");

    [Fact]
    public async Task Bytes_that_do_not_match_their_hash_are_refused()
    {
        var victim = Victim((await SharedAsync()).Node);

        await LiveThroughAsync(n => n.Tamper(victim, bytes => Flip(bytes, 70)), "blocks_invalid", victim.Hash, "hash to");
    }

    [Fact]
    public async Task Another_block_than_was_asked_for_is_refused()
    {
        var (victim, other) = (Victim((await SharedAsync()).Node), Followed.Chain.Blocks[20]);

        await LiveThroughAsync(n => n.Tamper(victim, _ => other.Bytes), "blocks_invalid", victim.Hash, other.Hash);
    }

    [Fact]
    public async Task A_coinbase_that_the_header_does_not_prove_is_refused()
    {
        var victim = Victim((await SharedAsync()).Node);

        await LiveThroughAsync(n => n.Tamper(victim, bytes => Flip(bytes, bytes.Length - 8)), "blocks_invalid", victim.Hash, "Merkle root");
    }

    [Theory]
    [InlineData(0xfd, "Merkle root")]
    [InlineData(0xfe, "can't be read")]
    [InlineData(0xff, "can't be read")]
    public async Task A_coinbase_that_claims_more_outputs_than_it_has_is_refused(byte width, string what)
    {
        var victim = Victim((await SharedAsync()).Node);
        byte[] claim = [width, .. Enumerable.Repeat((byte)0xff, 8)];

        // The number of outputs stands after the header, the count of transactions, and the input with its script.
        await LiveThroughAsync(
            n => n.Tamper(victim, bytes => [.. bytes[..(81 + 46 + bytes[81 + 41])], .. claim, .. new byte[3_000_000]]), "blocks_invalid", victim.Hash, what);
    }

    [Fact]
    public Task A_header_without_work_is_refused() => LiveThroughAsync(
        n => n.Chain = n.Chain.MineWithoutWork(Plan(1)).Mine([Plan(2), Plan(3)]), "blocks_invalid", "proof of work", "regtest");

    [Fact]
    public Task A_chain_of_another_genesis_is_refused() => LiveThroughAsync(
        n => n.Chain = FakeChain.Of(TagMiner.Mine(Plan(0), RegtestGenesis.Mined with { Height = -1 })), "node_other_network", "genesis");

    [Fact]
    public async Task Coinbases_of_many_KB_are_stored_whole()
    {
        var run = await SharedAsync();

        var stored = await StoredState.RowsAsync(
            run.Database, "poolwatch_regtest", "SELECT encode(coinbase_tx, 'hex') FROM block WHERE length(coinbase_tx) > 20000 ORDER BY height");

        var large = run.Node.Chain.Blocks.Where(block => block.Coinbase.Length > 20_000).ToList();
        Assert.InRange(large.Count, 6, int.MaxValue);
        Assert.Equal(large.Select(block => $"({Convert.ToHexStringLower(block.Coinbase)})"), stored);
    }

    [Fact]
    public async Task A_node_that_flaps_between_two_tips_leaves_no_mark()
    {
        var main = Followed.Chain.UpTo(60);
        var branch = main.UpTo(56).Mine(Enumerable.Range(1, 4).Select(Plan));
        await using var run = await StartAsync(main);
        run.Node.FlapsTo = branch;
        for (var round = 0; round < 5; round++)
        {
            var nudges = run.Nudges;
            await run.WaitAsync(_ => run.Nudges > nudges + 1);
        }

        Assert.InRange(run.Node.Flaps, 10, int.MaxValue);
        run.Node.FlapsTo = null;
        run.Node.Chain = branch;

        await run.WaitForTipAsync();
        Assert.Equal(await Followed.StoreAsync(branch), await StoredState.ReadAsync(run.Database));
        var stale = await StoredState.RowsAsync(run.Database, "poolwatch_regtest", "SELECT encode(hash, 'hex') FROM block WHERE NOT active ORDER BY height");
        Assert.Equal(main.Blocks.Skip(57).Select(block => $"({ByteOrder.Reversed(block.Hash)})"), stale);
    }

    private static CoinbasePlan Plan(int number) => LabelledPlans.ByTag("antpool", 1_790_000_000 + ((uint)number * 600));

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }
}
