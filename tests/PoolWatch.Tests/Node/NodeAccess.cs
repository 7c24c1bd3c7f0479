using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
    public IBlockSource OpenRpc() => Rpc();

    public IBlockSource OpenRest() => Rest();

    internal AutoBlockSource OpenAuto(ILogger<AutoBlockSource>? logger = null) => new(Rest(), Rpc(), logger ?? NullLogger<AutoBlockSource>.Instance);

    private NodeSettings Settings => new() { Url = Url, CookieFile = CookieFile, User = User, Password = Password, Configured = true };

    private RpcBlockSource Rpc() => new(new NodeClient(Settings, AnswerTimeout));

    private RestBlockSource Rest() => new(new RestClient(Settings, AnswerTimeout));

#if NBITCOIN
    public IBlockSource OpenNBitcoin() => new NBitcoinBlockSource(Network.Regtest, Url, CookieFile, User, Password, AnswerTimeout);
#endif
}
