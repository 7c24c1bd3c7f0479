using Microsoft.Extensions.Configuration;
using PoolWatch.Settings;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Settings;

public sealed class SettingsReaderTests
{
    private const string Secret = "hunter2";

    [Theory]
    [InlineData("PoolWatch:Network=mainnet", "testnet4")]
    [InlineData("PoolWatch:Source=files", "auto, rest, rpc, nbitcoin, sample")]
    [InlineData("PoolWatch:Node:Url=127.0.0.1:8332", "http or https")]
    [InlineData("PoolWatch:Node:Url=ftp://127.0.0.1:8332", "http or https")]
    [InlineData("PoolWatch:Node:Url=http://127.0.0.1:65536", "1 to 65535")]
    [InlineData("PoolWatch:Node:Url=http://127.0.0.1:0", "1 to 65535")]
    [InlineData("PoolWatch:Node:Url=http://u:hunter2@127.0.0.1:8332", "no user or password")]
    [InlineData("PoolWatch:Node:CookieFile=/no/such/.cookie", "no such file")]
    [InlineData("PoolWatch:Node:User=u", "belong together")]
    [InlineData("PoolWatch:FromHeight=-1", "0 to 100000000")]
    [InlineData("PoolWatch:FromHeight=100000001", "0 to 100000000")]
    [InlineData("PoolWatch:FromHeight=1e3", "0 to 100000000")]
    [InlineData("PoolWatch:DataDirectory=/etc/passwd", "is a file")]
    [InlineData("PoolWatch:Postgres:BinDirectory=/etc", "no program 'postgres'")]
    [InlineData("PoolWatch:Listen=127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("PoolWatch:Listen=https://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("PoolWatch:Listen=http://127.0.0.1:65536", "0 to 65535")]
    [InlineData("PoolWatch:Listen=http://[::1]:70000", "0 to 65535")]
    [InlineData("PoolWatch:Listen=http://localhost:0", "not with localhost")]
    [InlineData("PoolWatch:Listen=http://example.com:8080", "IP address")]
    [InlineData("PoolWatch:Listen=http://u:hunter2@127.0.0.1:8080", "nothing behind it")]
    [InlineData("PoolWatch:Listen=http://127.0.0.1:8080/path", "nothing behind it")]
    [InlineData("PoolWatch:PoolList=/no/such/list.json", "can't be read")]
    [InlineData("PoolWatch:PoolList=/etc", "can't be read")]
    [InlineData("PoolWatch:PoolList=/etc/passwd", "/etc/passwd")]
    [InlineData("PoolWatch:Layers=/no/such/layers.json", "can't be read")]
    [InlineData("PoolWatch:Layers=/etc", "can't be read")]
    [InlineData("PoolWatch:Layers=/etc/passwd", "no JSON")]
    [InlineData("PoolWatch:Layers=/dev/zero", "larger than 4194304 bytes")]
    [InlineData("PoolWatch:Algorithm=mempool/2", "poolwatch/1, mempool/1")]
    [InlineData("PoolWatch:PoolListSource=https://u:hunter2@example.org/pools.json", "no user or password")]
    [InlineData("PoolWatch:PoolListSource=ftp://example.org/pools.json", "http or https")]
    [InlineData("PoolWatch:PoolListSource=https://", "http or https")]
    [InlineData("PoolWatch:PoolListFormat=json", "poolwatch, mempool, bitcoin-data")]
    [InlineData("PoolWatch:PoolListInterval=0s", "1s to 30d")]
    [InlineData("PoolWatch:PoolListInterval=31d", "1s to 30d")]
    [InlineData("PoolWatch:PoolListTimeout=1d", "1s to 10m")]
    [InlineData("PoolWatch:PoolListTimeout=ten", "1s to 10m")]
    [InlineData("PoolWatch:Ingest=maybe", "true or false")]
    [InlineData("PoolWatch:Schema=Pool-Watch", "a-z, 0-9 and _")]
    [InlineData("PoolWatch:Schema=pg_catalog", "not with pg_")]
    [InlineData("PoolWatch:Schedule=never", "1s to 24h")]
    [InlineData("PoolWatch:Schedule=0s", "1s to 24h")]
    [InlineData("PoolWatch:Schedule=25h", "1s to 24h")]
    [InlineData("PoolWatch:Schedule=0 0 0 1 1 ? 2001", "comes due")]
    [InlineData("PoolWatch:Shedule=10s", "PoolWatch:Schedule")]
    [InlineData("PoolWatch:Node=hunter2", "no setting")]
    [InlineData("ConnectionStrings:PoolWatch=postgres://u:hunter2@db/poolwatch", "can't be read")]
    [InlineData("ConnectionStrings:PoolWatch=Hst=db;Password=hunter2", "can't be read")]
    [InlineData("ConnectionStrings:PoolWatch=Database=a;Password=hunter2", "names no host")]
    [InlineData("ConnectionStrings:PoolWatch=Host=db;Port=65536;Password=hunter2", "1 to 65535")]
    public void A_wrong_setting_is_one_error_that_names_it_and_what_is_allowed(string setting, string allowed)
    {
        var (settings, errors) = Read(setting);
        Assert.Null(settings);
        var error = errors[0];
        Assert.StartsWith(setting.Split('=')[0], error, StringComparison.Ordinal);
        Assert.Contains(allowed, string.Join('\n', errors), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Join('\n', errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictory_settings_are_refused()
    {
        Assert.Contains("contradict", Assert.Single(Read("PoolWatch:Source=sample", "PoolWatch:Node:Url=http://127.0.0.1:8332").Errors), StringComparison.Ordinal);
        var both = Read("PoolWatch:Node:CookieFile=/etc/passwd", "PoolWatch:Node:User=u", $"PoolWatch:Node:Password={Secret}").Errors;
        Assert.Contains("contradict", Assert.Single(both), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_without_a_user_is_refused_and_not_repeated()
    {
        var error = Assert.Single(Read($"PoolWatch:Node:Password={Secret}").Errors);
        Assert.Contains("belong together", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_is_listed_at_once()
    {
        var (_, errors) = Read("PoolWatch:Network=x", "PoolWatch:Source=y", "PoolWatch:Listen=z", "PoolWatch:Ingest=w", "PoolWatch:Typo=v");
        Assert.Equal(5, errors.Count);
    }

    [Fact]
    public void Every_error_of_a_pool_list_is_listed()
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Path, "list.json");
        File.WriteAllText(path, """{ "format": "poolwatch-pool-list/1", "pools": [ { "slug": "A!", "name": "" } ] }""");
        var (_, errors) = Read($"PoolWatch:PoolList={path}");
        Assert.True(errors.Count >= 2, string.Join('\n', errors));
        Assert.All(errors, e => Assert.StartsWith($"PoolWatch:PoolList '{path}'", e, StringComparison.Ordinal));
    }

    [Fact]
    public void Tags_that_the_rule_cannot_use_are_named()
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Path, "list.json");
        File.WriteAllText(path, """{ "format": "poolwatch-pool-list/1", "pools": [ { "slug": "a", "name": "A", "tags": [{ "text": "(a" }, { "text": "fine" }] } ] }""");

        Assert.Empty(Read($"PoolWatch:PoolList={path}").Errors);
        var error = Assert.Single(Read($"PoolWatch:PoolList={path}", "PoolWatch:Algorithm=mempool/1").Errors);
        Assert.StartsWith($"PoolWatch:PoolList '{path}': a: mempool/1 can't use the tag \"(a\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PoolWatch:Listen=http://0.0.0.0:80")]
    [InlineData("PoolWatch:Listen=http://[::]:8080")]
    [InlineData("PoolWatch:Listen=http://localhost:8080")]
    [InlineData("PoolWatch:Listen=http://127.0.0.1:0")]
    [InlineData("PoolWatch:Node:Url=https://node.example:65535")]
    [InlineData("PoolWatch:FromHeight=100000000")]
    [InlineData("PoolWatch:Schedule=1s")]
    [InlineData("PoolWatch:Schedule=24h")]
    [InlineData("PoolWatch:Schedule=0/30 * * * * ?")]
    [InlineData("PoolWatch:Schema=a")]
    [InlineData("PoolWatch:Network=")]
    [InlineData("ConnectionStrings:PoolWatch=Host=/var/run/postgresql;Database=poolwatch")]
    public void Values_at_the_edge_are_taken(string setting) => Assert.Empty(Read(setting).Errors);

    [Fact]
    public void Settings_never_print_the_password()
    {
        var (settings, _) = Read("PoolWatch:Node:User=u", $"PoolWatch:Node:Password={Secret}");
        Assert.Equal(Secret, settings!.Node.Password);
        Assert.DoesNotContain(Secret, settings.ToString(), StringComparison.Ordinal);
    }

    private static (PoolWatchSettings? Settings, IReadOnlyList<string> Errors) Read(params string[] settings) => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create(s[0], (string?)s[1]))).Build());
}
