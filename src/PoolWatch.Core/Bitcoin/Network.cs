namespace PoolWatch.Core.Bitcoin;

/// <summary>A Bitcoin network: how its chain starts, how its addresses look, where its node listens.</summary>
public sealed record Network
{
    private Network() { }

    /// <summary>Mainnet.</summary>
    public static Network Main { get; } = new()
    {
        Name = "main",
        RpcName = "main",
        GenesisHash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
        KeyPrefix = 0x00,
        ScriptPrefix = 0x05,
        SegwitPrefix = "bc",
        ProofOfWorkLimit = 0x1d00ffff,
        Bip34ActivationHeight = 227_931,
        RpcPort = 8332,
        DataFolder = "",
    };

    /// <summary>The third test network.</summary>
    public static Network Testnet3 { get; } = new()
    {
        Name = "testnet3",
        RpcName = "test",
        GenesisHash = "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
        KeyPrefix = 0x6f,
        ScriptPrefix = 0xc4,
        SegwitPrefix = "tb",
        ProofOfWorkLimit = 0x1d00ffff,
        Bip34ActivationHeight = 21_111,
        RpcPort = 18332,
        DataFolder = "testnet3",
    };

    /// <summary>The fourth test network (BIP 94).</summary>
    public static Network Testnet4 { get; } = new()
    {
        Name = "testnet4",
        RpcName = "testnet4",
        GenesisHash = "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        KeyPrefix = 0x6f,
        ScriptPrefix = 0xc4,
        SegwitPrefix = "tb",
        ProofOfWorkLimit = 0x1d00ffff,
        Bip34ActivationHeight = 1,
        RpcPort = 48332,
        DataFolder = "testnet4",
    };

    /// <summary>The signed test network (BIP 325), default challenge.</summary>
    public static Network Signet { get; } = new()
    {
        Name = "signet",
        RpcName = "signet",
        GenesisHash = "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
        KeyPrefix = 0x6f,
        ScriptPrefix = 0xc4,
        SegwitPrefix = "tb",
        ProofOfWorkLimit = 0x1e0377ae,
        Bip34ActivationHeight = 1,
        RpcPort = 38332,
        DataFolder = "signet",
    };

    /// <summary>A private network of the node's owner.</summary>
    public static Network Regtest { get; } = new()
    {
        Name = "regtest",
        RpcName = "regtest",
        GenesisHash = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
        KeyPrefix = 0x6f,
        ScriptPrefix = 0xc4,
        SegwitPrefix = "bcrt",
        ProofOfWorkLimit = 0x207fffff,
        Bip34ActivationHeight = 1,
        RpcPort = 18443,
        DataFolder = "regtest",
    };

    /// <summary>The bundled sample chain: mainnet's addresses and heights, regtest's proof of work, no genesis and no node.</summary>
    public static Network Sample { get; } = Main with
    {
        Name = "sample",
        RpcName = "sample",
        GenesisHash = null,
        ProofOfWorkLimit = 0x207fffff,
    };

    /// <summary>The networks of real nodes, in the order in which documentation lists them; not <see cref="Sample"/>.</summary>
    public static IReadOnlyList<Network> All { get; } = [Main, Testnet3, Testnet4, Signet, Regtest];

    /// <summary>Name in settings, schema names, metrics and REST.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>getblockchaininfo</c> calls it.</summary>
    public required string RpcName { get; init; }

    /// <summary>Hash of block 0 in display order; null for the sample chain, which starts in the middle.</summary>
    public required string? GenesisHash { get; init; }

    /// <summary>First byte of a Base58Check address that pays to a key hash.</summary>
    public required byte KeyPrefix { get; init; }

    /// <summary>First byte of a Base58Check address that pays to a script hash.</summary>
    public required byte ScriptPrefix { get; init; }

    /// <summary>Human-readable part of a segwit address (BIP 173, BIP 350).</summary>
    public required string SegwitPrefix { get; init; }

    /// <summary>The easiest target that a header may claim, in compact form (nBits).</summary>
    public required uint ProofOfWorkLimit { get; init; }

    /// <summary>The first height at which a coinbase must start with its block's height (BIP 34, BIP 90).</summary>
    public required int Bip34ActivationHeight { get; init; }

    /// <summary>Port of the node's RPC server where nothing else is configured.</summary>
    public required int RpcPort { get; init; }

    /// <summary>The network's folder inside the node's data folder; empty for mainnet.</summary>
    public required string DataFolder { get; init; }
}
