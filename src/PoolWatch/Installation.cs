using PoolWatch.Node;
using PoolWatch.Sync;

namespace PoolWatch;

/// <summary>The chain that this process serves.</summary>
/// <param name="Source">Where it is read from.</param>
/// <param name="Network">Its network; <see cref="Network.Sample"/> for the sample chain.</param>
/// <param name="Schema">Its place in the database.</param>
/// <param name="Sync">What makes the stored chain follow the source.</param>
internal sealed record ServedChain(IBlockSource Source, Network Network, string Schema, ChainSync Sync);

/// <summary>What is known only once the database is there: which chain is served. Everything that needs it waits for <see cref="Ready"/>.</summary>
internal sealed class Installation
{
    private readonly TaskCompletionSource<ServedChain> _chain = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ready => _chain.Task;

    public bool IsReady => _chain.Task.IsCompletedSuccessfully;

    /// <summary>The chain; call only once <see cref="Ready"/> is complete.</summary>
    public ServedChain Chain => IsReady ? _chain.Task.Result : throw new InvalidOperationException("The installation is not ready.");

    public void Complete(ServedChain chain) => _chain.SetResult(chain);
}
