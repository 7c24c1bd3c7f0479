using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace PoolWatch.Api;

/// <summary>Which blocks a question is about.</summary>
internal readonly record struct WindowParameters(
    [property: FromQuery(Name = "window"), Description("The last so many blocks; default 2016. Not together with from and to.")] string? Window,
    [property: FromQuery(Name = "from"), Description("First height, inclusive; or a time, exclusive: blocks with from < median time past <= to.")] string? From,
    [property: FromQuery(Name = "to"), Description("Last height or time, inclusive; of the same kind as from.")] string? To);

/// <summary>By which list the blocks are to be attributed, and under which names pools appear.</summary>
internal readonly record struct PointParameters(
    [property: FromQuery(Name = "at"), Description("A time: as blocks were attributed then. A window without from and to ends with the last block up to it.")] string? At,
    [property: FromQuery(Name = "list"), Description("Version of a list that is or was active: as it attributes blocks. Not together with at.")] string? List,
    [property: FromQuery(Name = "algorithm"), Description("Together with list, which may have been active with more than one rule: poolwatch/1 or mempool/1. Default: the last.")] string? Algorithm,
    [property: FromQuery(Name = "names"), Description("now: pools under their present names; then: under those of the list. Default now.")] string? Names);

/// <summary>In which layer, and by which of its memberships.</summary>
internal readonly record struct LayerParameters(
    [property: FromQuery(Name = "layer"), Description("Who is one entity: pool (as tagged and paid, the default), or another layer of /v1/layers.")] string? Layer,
    [property: FromQuery(Name = "knownAt"), Description("Only memberships as they were known on this UTC date, such as 2024-12-31; default: as known now.")] string? KnownAt,
    [property: FromQuery(Name = "minConfidence"), Description("Only memberships with at least this confidence: low (default), medium or high.")] string? MinConfidence);
