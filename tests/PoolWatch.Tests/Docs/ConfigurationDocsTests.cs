using System.Globalization;
using Microsoft.Extensions.Configuration;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;
using PoolWatch.Settings;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

public sealed class ConfigurationDocsTests
{
    private static readonly Dictionary<string, string> Documented = Repository.Rows(Repository.Read("docs/configuration.md"))
        .Where(r => r[0].StartsWith("`PoolWatch:", StringComparison.Ordinal) || r[0].StartsWith("`ConnectionStrings:", StringComparison.Ordinal))
        .ToDictionary(r => r[0].Trim('`'), r => r[1]);

    [Fact]
    public void Documentation_has_every_key_and_no_other() =>
        Assert.Equal(SettingKeys.All.Order(StringComparer.Ordinal), Documented.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Documented_defaults_are_those_of_an_empty_configuration()
    {
        var (settings, errors) = SettingsReader.Read(new ConfigurationBuilder().Build());
        Assert.Empty(errors);
        var defaults = Defaults(settings!);
        Assert.Equal(SettingKeys.All.Order(StringComparer.Ordinal), defaults.Keys.Order(StringComparer.Ordinal));
        Assert.All(defaults, d => Assert.Contains(d.Value is null ? "none" : $"`{d.Value}`", Documented[d.Key], StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Defaults(PoolWatchSettings s)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        Assert.Equal(PoolList.LoadBundled().Version, s.PoolList.Version);
        Assert.Equal(LayerSet.LoadBundled().Version, s.Layers.Version);
        return new Dictionary<string, string?>
        {
            ["PoolWatch:Network"] = s.Network.Name,
            ["PoolWatch:Source"] = s.Source.ToString().ToLowerInvariant(),
            ["PoolWatch:Node:Url"] = s.Node.Url.ToString().TrimEnd('/'),
            ["PoolWatch:Node:CookieFile"] = s.Node.CookieFile!.Replace(home, "~", StringComparison.Ordinal),
            ["PoolWatch:Node:User"] = s.Node.User,
            ["PoolWatch:Node:Password"] = s.Node.Password,
            ["PoolWatch:FromHeight"] = s.FromHeight.ToString(),
            ["PoolWatch:DataDirectory"] = s.DataDirectory.Replace(data, "~/.local/share", StringComparison.Ordinal),
            ["PoolWatch:Postgres:BinDirectory"] = s.PostgresBinDirectory,
            ["PoolWatch:Listen"] = s.Listen,
            ["PoolWatch:PoolList"] = null,
            ["PoolWatch:PoolListMaxMoved"] = s.PoolListMaxMoved.ToString(CultureInfo.InvariantCulture),
            ["PoolWatch:Layers"] = null,
            ["PoolWatch:Algorithm"] = s.Algorithm,
            ["PoolWatch:PoolListSource"] = s.Follow?.ToString(),
            ["PoolWatch:PoolListFormat"] = "poolwatch",
            ["PoolWatch:PoolListInterval"] = "1d",
            ["PoolWatch:PoolListTimeout"] = "30s",
            ["PoolWatch:Ingest"] = s.Ingest ? "true" : "false",
            ["PoolWatch:Schema"] = s.Schema ?? PoolWatch.Node.SourceChoice.DefaultSchema,
            ["PoolWatch:Schedule"] = $"{s.Schedule.Interval!.Value.TotalSeconds}s",
            [SettingKeys.ConnectionString] = s.ConnectionString,
        };
    }
}
