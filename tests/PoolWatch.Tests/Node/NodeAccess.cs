using PoolWatch.Core.Bitcoin;
using PoolWatch.Node;
using PoolWatch.Settings;
#if NBITCOIN
using PoolWatch.NBitcoin;
#endif

namespace PoolWatch.Tests.Node;

/// <summary>How a source reaches its node: by the cookie, or by user and password.</summary>
public sealed record NodeAccess(Uri Url, string? CookieFile, string? User = null, string? Password = null, TimeSpan? AnswerTimeout = null)
{
    public IBlockSource OpenRpc()
    {
        var settings = new NodeSettings { Url = Url, CookieFile = CookieFile, User = User, Password = Password, Configured = true };
        return new RpcBlockSource(new NodeClient(settings, AnswerTimeout));
    }

#if NBITCOIN
    public IBlockSource OpenNBitcoin() => new NBitcoinBlockSource(Network.Regtest, Url, CookieFile, User, Password, AnswerTimeout);
#endif
}
