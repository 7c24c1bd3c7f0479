namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Whose list it is, and so whose rules decide what a tag means; the files look the same.</summary>
public enum PublicListKind
{
    /// <summary>mempool/mining-pools, <c>pools-v2.json</c>: tags are regular expressions that ignore case, searched in the scriptSig read as Latin-1.</summary>
    Mempool,

    /// <summary>bitcoin-data/mining-pools: tags are plain text in their own case, searched in the scriptSig read as UTF-8.</summary>
    BitcoinData,
}
