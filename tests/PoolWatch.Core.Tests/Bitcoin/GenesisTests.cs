using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

/// <summary>Block 0 of each network, put together from the parameters that Bitcoin Core's chainparams.cpp publishes.</summary>
public sealed class GenesisTests
{
    private const string FirstRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

    // Network 4 has a text of its own and pays to a key of 33 zero bytes.
    private const string FourthCoinbase =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff5504ffff001d01044c4c"
        + "30332f4d61792f323032342030303030303030303030303030303030303030303165626435386332343439373062336161396437383362623030313031316662653865613865393865303065"
        + "ffffffff0100f2052a010000002321000000000000000000000000000000000000000000000000000000000000000000ac00000000";

    public static TheoryData<string, uint, uint, uint> Parameters => new()
    {
        { "main", 1231006505, 0x1d00ffff, 2083236893 },
        { "testnet3", 1296688602, 0x1d00ffff, 414098458 },
        { "testnet4", 1714777860, 0x1d00ffff, 393743547 },
        { "signet", 1598918400, 0x1e0377ae, 52613770 },
        { "regtest", 1296688602, 0x207fffff, 2 },
    };

    [Theory, MemberData(nameof(Parameters))]
    public void Genesis_block_has_the_networks_hash_and_work(string name, uint time, uint bits, uint nonce)
    {
        var network = Assert.Single(Network.All, candidate => candidate.Name == name);
        var coinbaseHex = name == "testnet4" ? FourthCoinbase : Assert.Single(RealCoinbase.All, real => real.Height == 0).CoinbaseTxHex!;
        var coinbase = Convert.FromHexString(coinbaseHex);
        byte[] block =
        [
            1, 0, 0, 0, .. new byte[32], .. Coinbase.Decode(coinbase).Txid.ToArray(),
            .. BitConverter.GetBytes(time), .. BitConverter.GetBytes(bits), .. BitConverter.GetBytes(nonce), 1, .. coinbase,
        ];

        var head = BlockDecoder.Decode(block);

        Assert.Equal(network.GenesisHash, head.Header.Hash.ToString());
        Assert.True(ProofOfWork.IsMet(head.Header, network));
        Assert.Equal(name == "testnet4", head.Header.MerkleRoot != BlockHash.Parse(FirstRoot));
        Assert.Equal(50_00000000, head.Coinbase.Outputs[0].Value);
    }

    [Fact]
    public void First_payout_has_the_address_that_explorers_show()
    {
        var genesis = Coinbase.Decode(Convert.FromHexString(Assert.Single(RealCoinbase.All, real => real.Height == 0).CoinbaseTxHex!));

        Assert.Equal("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Address.FromScript(genesis.Outputs[0].Script.Span, Network.Main));
    }

    [Fact]
    public void Key_that_is_none_has_no_address() =>
        Assert.Null(Address.FromScript(Coinbase.Decode(Convert.FromHexString(FourthCoinbase)).Outputs[0].Script.Span, Network.Testnet4));
}
