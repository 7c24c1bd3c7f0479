using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Tests.Node;

public sealed class RpcBlockSourceTests(MinedChain chain) : SignedInSourceContract(chain)
{
    protected override string Name => "rpc";

    protected override IBlockSource Open(NodeAccess access) => access.OpenRpc();
}
