using System.Globalization;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Reads the facts of a public list out of this assembly: a line each, with id and name of the pool, kind and text, parted by tabs.</summary>
internal static class BundledPublicFacts
{
    public static List<PublicPool> Read(PublicListKind kind)
    {
        var resource = kind == PublicListKind.Mempool ? "mempool.tsv" : "bitcoin-data.tsv";
        using var stream = typeof(BundledPublicFacts).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly was built without its resource {resource}.");
        using var reader = new StreamReader(stream);
        return Read(reader);
    }

    private static List<PublicPool> Read(StreamReader reader)
    {
        List<PublicPool> pools = [];
        List<string> addresses = [], tags = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split('\t');
            switch (fields[2])
            {
                case "pool":
                    (addresses, tags) = ([], []);
                    pools.Add(new PublicPool(int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], addresses, tags, fields[3]));
                    break;
                case "tag":
                    tags.Add(fields[3]);
                    break;
                default:
                    addresses.Add(fields[3]);
                    break;
            }
        }

        return pools;
    }
}
