using System.Security.Cryptography;
using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>What a source promises that signs in, by cookie or by user and password.</summary>
public abstract class SignedInSourceContract(MinedChain chain) : NodeSourceContract(chain)
{
    private const string Secret = "correct horse";

    [Fact]
    public async Task A_source_may_be_opened_before_its_node_runs()
    {
        using var directory = new TemporaryDirectory();
        var cookie = Path.Combine(directory.Path, ".cookie");
        var source = Open(Access with { CookieFile = cookie });
        var absent = await Assert.ThrowsAsync<BlockSourceException>(() => source.GetChainAsync(Token));

        File.Copy(Node.CookieFile, cookie);

        Assert.Equal(SourceFault.Unreachable, absent.Fault);
        Assert.Contains(cookie, absent.Message, StringComparison.Ordinal);
        Assert.Equal(Blocks[^1].Height, (await source.GetChainAsync(Token)).Height);
    }

    [Fact]
    public async Task A_cookie_that_cannot_be_read_is_no_authorization()
    {
        using var directory = new TemporaryDirectory();

        var error = await Assert.ThrowsAsync<BlockSourceException>(
            () => Open(Access with { CookieFile = directory.Path }).GetChainAsync(Token));

        Assert.Equal(SourceFault.Unauthorized, error.Fault);
        Assert.Contains(directory.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_never_repeated()
    {
        var source = Open(Access with { User = "watcher", Password = Secret });

        var error = await Assert.ThrowsAsync<BlockSourceException>(() => source.GetChainAsync(Token));

        Assert.Equal(SourceFault.Unauthorized, error.Fault);
        Assert.Contains(Node.Url.ToString(), error.Message, StringComparison.Ordinal);
        AssertHoldsNo(error, Secret);
        AssertHoldsNo(error, Convert.ToBase64String(Encoding.UTF8.GetBytes($"watcher:{Secret}")));
    }

    [Fact]
    public async Task A_wrong_cookie_is_refused_and_never_repeated()
    {
        using var directory = new TemporaryDirectory();
        var cookie = Path.Combine(directory.Path, ".cookie");
        await File.WriteAllTextAsync(cookie, $"__cookie__:{Secret}", Token);

        var error = await Assert.ThrowsAsync<BlockSourceException>(
            () => Open(Access with { CookieFile = cookie }).GetChainAsync(Token));

        Assert.Equal(SourceFault.Unauthorized, error.Fault);
        AssertHoldsNo(error, Secret);
    }

    [Fact]
    public async Task A_user_with_an_unusual_password_signs_in()
    {
        const string password = "p:ä;s=s wörd";
        var salt = "73616c74";
        var digest = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(password)));
        await using var node = await BitcoinNode.StartAsync(null, $"-rpcauth=watcher:{salt}${digest}");

        var seen = await Open(new NodeAccess(node.Url, null, "watcher", password)).GetChainAsync(Token);

        Assert.Equal(0, seen.Height);
    }

    private static void AssertHoldsNo(Exception error, string secret) => Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
}
