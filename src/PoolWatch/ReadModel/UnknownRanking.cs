using PoolWatch.Core.Unknown;

namespace PoolWatch.ReadModel;

/// <summary>Where unknown candidates would stand among the pools of a window.</summary>
internal static class UnknownRanking
{
    public const int Top = 10;

    /// <summary>By how many standard errors of the difference a candidate must have more blocks than the tenth pool, to be looked at with every block.</summary>
    private const double Errors = 3;

    /// <returns>For each cluster, one more than the number of pools and other clusters with more blocks.</returns>
    public static IReadOnlyList<int> Rank(IReadOnlyList<UnknownCluster> clusters, IEnumerable<int> blocksOfPools)
    {
        int[] ascending = [.. blocksOfPools.Concat(clusters.Select(c => c.Blocks.Count)).Order()];
        return [.. clusters.Select(c => 1 + ascending.Length - UpperBound(ascending, c.Blocks.Count))];
    }

    /// <returns>How many clusters have more blocks than the tenth largest pool beyond chance; fewer than ten pools are as if the tenth had none.</returns>
    public static int CountSurelyInTop(IEnumerable<int> blocksOfClusters, IEnumerable<int> blocksOfPools)
    {
        var tenth = blocksOfPools.OrderDescending().ElementAtOrDefault(Top - 1);
        return blocksOfClusters.Count(blocks => blocks - tenth >= Errors * Math.Sqrt(blocks + tenth));
    }

    private static int UpperBound(int[] ascending, int value)
    {
        var index = Array.BinarySearch(ascending, value + 1);
        index = index < 0 ? ~index : index;
        while (index > 0 && ascending[index - 1] > value)
        {
            index--;
        }

        return index;
    }
}
