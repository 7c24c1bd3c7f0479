using System.Text.Json;

namespace PoolWatch.Tests.Node;

/// <summary>What a <see cref="FakeNode"/> knows at one request.</summary>
/// <param name="Chain">Its active chain.</param>
/// <param name="FindBlock">The bytes that it gives out under a hash, stale blocks included; null for none.</param>
/// <param name="WarmingUp">What it still does before it answers; null for nothing.</param>
/// <param name="ClaimedTip">What it says its tip is; null for the truth.</param>
internal sealed record FakeNodeView(FakeChain Chain, Func<string, byte[]?> FindBlock, string? WarmingUp, (int Height, string Hash)? ClaimedTip)
{
    /// <summary>The result of <c>getblockchaininfo</c>, as far as it matters.</summary>
    public string Info()
    {
        var (height, hash) = ClaimedTip ?? (Chain.Tip.Height, Chain.Tip.Hash);
        return JsonSerializer.Serialize(new
        {
            chain = "regtest",
            blocks = height,
            headers = height,
            bestblockhash = hash,
            bits = "207fffff",
            verificationprogress = 1,
            initialblockdownload = false,
            pruned = false,
            warnings = Array.Empty<string>(),
        });
    }

    /// <summary>The hash at a height of the active chain; null above its tip.</summary>
    public string? HashAt(long height) => height < Chain.Blocks.Count ? Chain.Blocks[(int)height].Hash : null;

    /// <summary>Up to so many headers of the active chain from this block on; none where it is not in that chain.</summary>
    public byte[] HeadersFrom(string hash, int count) =>
        [.. Chain.Blocks.SkipWhile(block => block.Hash != hash).Take(count).SelectMany(block => block.Header)];
}
