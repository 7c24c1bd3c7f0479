using System.Globalization;
using System.IO.Compression;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>A real node with one block for each line of a label list: mined once into a folder, gone on with at the next run.</summary>
internal static class LabelledChain
{
    private const int MinedAtOnce = 5_000;

    /// <param name="labelFile">Lines of height, time and pool slug, with a head; may be compressed by gzip.</param>
    /// <param name="mostBlocks">How many of the labels to use, from the first on.</param>
    /// <param name="folder">The node's data folder; null for a temporary one.</param>
    public static async Task<BitcoinNode> StartAsync(string labelFile, int mostBlocks, string? folder)
    {
        var labels = Read(labelFile).Take(mostBlocks).ToList();
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        var node = await BitcoinNode.StartAsync(folder);
        var height = await node.CallAsync<int>("getblockcount");
        while (height < labels.Count)
        {
            var next = labels.Skip(height).Take(MinedAtOnce).ToList();
            await TagMiner.MineAsync(node, LabelledPlans.Of(next, height + 1));
            height += next.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mined {height} of {labels.Count}"));
        }

        // What was mined must outlive a run that is broken off.
        await node.RestartAsync();
        return node;
    }

    /// <summary>The labels of a file, compressed by gzip or not.</summary>
    public static IEnumerable<SampleLabel> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream text = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(text);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return SampleLabel.Parse(line);
        }
    }
}
