using System.Globalization;
using System.IO.Compression;
using System.Text;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Fixtures;

/// <summary>The chain of labels-2021-2026.gz: the pool of every block 664063..946236. Of its times only the day is known; a day's blocks lie evenly in it.</summary>
internal static class LabelledHistory
{
    private const uint SecondsPerDay = 86_400;

    private static readonly Lazy<(ChainView Chain, IReadOnlyList<LayerPool> Pools)> Loaded = new(Load);

    public static ChainView Chain => Loaded.Value.Chain;

    /// <summary>Every pool of the bundled list, by the numbers that the chain has.</summary>
    public static IReadOnlyList<LayerPool> Pools => Loaded.Value.Pools;

    public static int IdOf(string slug) => Pools.Single(pool => pool.Slug == slug).Id;

    private static (ChainView Chain, IReadOnlyList<LayerPool> Pools) Load()
    {
        var bytes = Read();
        var head = Array.IndexOf(bytes, (byte)'\n');
        var fields = Encoding.ASCII.GetString(bytes, 0, head).Split(' ');
        var (firstHeight, firstDay, days) = (Number(fields[0]), (uint)Number(fields[1]), Number(fields[2]));
        LayerPool[] pools = [.. PoolList.LoadBundled().Pools.Select((pool, i) => new LayerPool((ushort)i, pool.Slug, pool.Name))];
        var numbers = pools.ToDictionary(pool => pool.Slug, pool => pool.Id);

        // A label that our list does not have, as the source's own unknown, is nobody's.
        ushort[] ids = [.. fields[3].Split(',').Select(slug => numbers.GetValueOrDefault(slug == "oceanxyz" ? "ocean" : slug, ChainView.UnknownPool))];
        var labels = bytes.AsSpan(head + 1 + days);
        var entries = new List<ChainEntry>(labels.Length);
        for (var day = 0; day < days; day++)
        {
            var blocks = bytes[head + 1 + day];
            for (var i = 0; i < blocks; i++)
            {
                var time = ((firstDay + (uint)day) * SecondsPerDay) + (uint)(i * SecondsPerDay / blocks);
                entries.Add(new ChainEntry(time, time, ids[labels[entries.Count]]));
            }
        }

        return (ChainView.StartingAt(firstHeight, entries.Count).Append([.. entries]), pools);
    }

    private static byte[] Read()
    {
        using var file = new GZipStream(File.OpenRead(FixtureFile.PathOf("labels-2021-2026.gz")), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        return memory.ToArray();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
