using System.Text.Json;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>mempool's own list as a list of ours, from the facts in Fixtures: same order, same tags, same mainnet addresses.</summary>
internal static class MempoolList
{
    public static PoolList Load()
    {
        var facts = File.ReadLines(PoolFixtures.OutputPath("Fixtures", "pools-mempool-6abbdc8.tsv")).Skip(1).Select(line => line.Split('\t'));
        List<string> pools = [];
        HashSet<string> slugs = [];
        foreach (var pool in facts.GroupBy(fact => (Id: int.Parse(fact[0]), Name: fact[1])))
        {
            // The list has two pools of one name.
            var slug = string.Concat(pool.Key.Name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
            slug = slugs.Add(slug) ? slug : slug + pool.Key.Id;
            var tags = pool.Where(fact => fact[2] == "tag").Select(fact => fact[3]);
            var addresses = pool.Where(fact => fact[2] == "address").Select(fact => fact[3]).Where(address => Address.TryToScript(address, Network.Main, out _));
            pools.Add($$"""
                { "slug": "{{slug}}", "name": {{JsonSerializer.Serialize(pool.Key.Name)}}, "ids": { "mempool": {{pool.Key.Id}} },
                  "tags": [{{Rules(tags)}}], "addresses": [{{Rules(addresses)}}] }
                """);
        }

        return PoolFixtures.List(string.Join(",\n", pools));
    }

    private static string Rules(IEnumerable<string> texts) =>
        string.Join(", ", texts.Select(text => $$"""{ "text": {{JsonSerializer.Serialize(text)}} }"""));
}
