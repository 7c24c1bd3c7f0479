using System.Text;
using System.Text.Json.Nodes;

namespace PoolWatch.Tests.PoolLists;

/// <summary>The bundled list with changes, as a maintainer makes them in the file.</summary>
internal sealed class EditedList
{
    private readonly JsonNode _list = JsonNode.Parse(PoolList.LoadBundled().ToJson())!;

    private JsonArray Pools => _list["pools"]!.AsArray();

    public static PoolList Bundled { get; } = PoolList.LoadBundled();

    public EditedList WithoutPool(string slug)
    {
        Pools.Remove(Find(slug));
        return this;
    }

    public EditedList WithPool(string slug, string name, int mempoolId, params string[] tags)
    {
        Pools.Add(JsonNode.Parse($$"""{ "slug": "{{slug}}", "name": "{{name}}", "ids": { "mempool": {{mempoolId}} } }"""));
        Array.ForEach(tags, tag => With(slug, "tags", tag));
        return this;
    }

    public EditedList Renamed(string slug, string newSlug, string newName)
    {
        (Find(slug)["slug"], Find(slug)["name"]) = (newSlug, newName);
        return this;
    }

    public EditedList With(string slug, string field, string text)
    {
        var pool = Find(slug).AsObject();
        pool[field] ??= new JsonArray();
        pool[field]!.AsArray().Add(JsonNode.Parse($$"""{ "text": "{{text}}" }"""));
        return this;
    }

    public EditedList Without(string slug, string field, string? text = null)
    {
        var rules = Find(slug)[field]?.AsArray();
        foreach (var rule in rules?.Where(r => text is null || r!["text"]!.GetValue<string>() == text).ToList() ?? [])
        {
            rules!.Remove(rule);
        }

        return this;
    }

    /// <summary>All rules of a pool hold between two heights only.</summary>
    public EditedList WithHeights(string slug, int from, int to)
    {
        foreach (var rule in Find(slug)["tags"]!.AsArray().Concat(Find(slug)["addresses"]!.AsArray()))
        {
            (rule!["from"], rule["to"]) = (from, to);
        }

        return this;
    }

    public PoolList ToList()
    {
        // Canonical form leaves empty fields out.
        foreach (var pool in Pools.OfType<JsonObject>())
        {
            if (pool["addresses"] is null or JsonArray { Count: 0 })
            {
                pool.Remove("paidFrom");
            }

            foreach (var empty in pool.Where(p => p.Value is JsonArray { Count: 0 }).Select(p => p.Key).ToList())
            {
                pool.Remove(empty);
            }
        }

        return PoolList.Parse(Encoding.UTF8.GetBytes(_list.ToJsonString()));
    }

    private JsonNode Find(string slug) => Pools.Single(p => p!["slug"]!.GetValue<string>() == slug)!;
}
