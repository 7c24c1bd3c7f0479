namespace PoolWatch.Settings;

/// <summary>The settings that exist; docs/configuration.md is checked against this list, and so is what a user writes.</summary>
internal static class SettingKeys
{
    public const string Section = "PoolWatch";
    public const string ConnectionString = "ConnectionStrings:PoolWatch";

    public static IReadOnlyList<string> All { get; } =
    [
        "PoolWatch:Network",
        "PoolWatch:Source",
        "PoolWatch:Node:Url",
        "PoolWatch:Node:CookieFile",
        "PoolWatch:Node:User",
        "PoolWatch:Node:Password",
        "PoolWatch:FromHeight",
        "PoolWatch:DataDirectory",
        "PoolWatch:Postgres:BinDirectory",
        "PoolWatch:Listen",
        "PoolWatch:PoolList",
        "PoolWatch:PoolListMaxMoved",
        "PoolWatch:Layers",
        "PoolWatch:PoolListSource",
        "PoolWatch:PoolListFormat",
        "PoolWatch:PoolListInterval",
        "PoolWatch:PoolListTimeout",
        "PoolWatch:Algorithm",
        "PoolWatch:Ingest",
        "PoolWatch:Schema",
        "PoolWatch:Schedule",
        ConnectionString,
    ];
}
