using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>What tests read in an answer of <c>/v1/status</c>.</summary>
public static class ServiceStatus
{
    /// <summary>Whether the service follows a chain that ends in this block.</summary>
    public static bool Follows(JsonElement status, string tip) =>
        status.GetProperty("state").GetString() == "following"
        && status.GetProperty("chain") is { ValueKind: JsonValueKind.Object } chain && chain.GetProperty("hash").GetString() == tip;

    /// <summary>Whether it follows the sample chain, whose last height is this.</summary>
    public static bool FollowsSample(JsonElement status) =>
        status.GetProperty("state").GetString() == "following"
        && status.GetProperty("chain") is { ValueKind: JsonValueKind.Object } chain && chain.GetProperty("height").GetInt32() == 946236;
}
