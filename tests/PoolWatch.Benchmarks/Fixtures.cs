using System.Reflection;
using System.Text.Json;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Benchmarks;

/// <summary>Real coinbases and a real block, the ones of the tests (their sources: PoolWatch.Core.Tests/Fixtures/README.md).</summary>
internal static class Fixtures
{
    public static byte[] Block()
    {
        using var bytes = new MemoryStream();
        Open("block.bin").CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Every whole coinbase from height 800000 on: what a service that follows the chain sees today.</summary>
    public static IReadOnlyList<(int Height, Coinbase Coinbase)> RecentCoinbases()
    {
        using var reader = new StreamReader(Open("coinbases.jsonl"));
        var all = new List<(int, Coinbase)>();
        while (reader.ReadLine() is { } line)
        {
            var record = JsonElement.Parse(line);
            if (record.GetProperty("height").GetInt32() >= 800_000 && record.TryGetProperty("coinbase_tx_hex", out var hex))
            {
                all.Add((record.GetProperty("height").GetInt32(), Coinbase.Decode(Convert.FromHexString(hex.GetString()!))));
            }
        }

        return all;
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
}
