using System.Text.Json;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>Whose rules decide what a tag of a public list means; the files look the same.</summary>
public enum PublicListKind
{
    /// <summary>mempool/mining-pools, <c>pools-v2.json</c>: tags are regular expressions that ignore case, searched in the scriptSig read as Latin-1.</summary>
    Mempool,

    /// <summary>bitcoin-data/mining-pools: tags are plain text in their own case, searched in the scriptSig read as UTF-8.</summary>
    BitcoinData,
}

/// <summary>A pool as a public list defines it.</summary>
/// <param name="Id">Its id in that list; not checked to be unique, which is the lint's business.</param>
/// <param name="Name">Its name; never empty.</param>
/// <param name="Addresses">Payout addresses; may be empty.</param>
/// <param name="Tags">Tags; may be empty.</param>
public sealed record PublicPool(int Id, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Tags);

/// <summary>Reads the JSON that both public lists use: an array of <c>{ "id", "name", "addresses", "tags", "link" }</c>.</summary>
public static class PublicPoolList
{
    /// <summary>Reads a list; fields that are not known are passed over, as both lists' own readers do.</summary>
    /// <returns>The pools in the order of the file.</returns>
    /// <exception cref="PoolListException">The text is no such list; every error is named, up to a hundred.</exception>
    public static IReadOnlyList<PublicPool> Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > PoolList.MaxBytes)
        {
            throw PoolList.TooLarge();
        }

        var errors = new PoolListErrors();
        var pools = Read(PoolListReader.WithoutMark(utf8Json), errors);
        return errors.Messages.Count == 0 ? pools : throw new PoolListException(errors.Messages);
    }

    private static List<PublicPool> Read(ReadOnlySpan<byte> utf8Json, PoolListErrors errors)
    {
        List<PublicPool> pools = [];
        try
        {
            using var document = JsonDocument.Parse(utf8Json.ToArray(), new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                errors.Add("A public list has to be an array of pools, each with id, name, addresses and tags.");
                return pools;
            }

            foreach (var entry in document.RootElement.EnumerateArray())
            {
                ReadPool(entry, $"[{pools.Count}]", pools, errors);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair shows only when the text is taken out.
            errors.Add($"The list is no JSON: {e.Message}");
        }

        return pools;
    }

    private static void ReadPool(JsonElement entry, string path, List<PublicPool> pools, PoolListErrors errors)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{path} has to be a pool, an object in braces.");
            return;
        }

        var name = entry.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        if (name.Length == 0)
        {
            errors.Add($"{path}: name has to be text, and not empty.");
        }

        if (!entry.TryGetProperty("id", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var id))
        {
            errors.Add($"{path}: id has to be a whole number.");
            id = 0;
        }

        pools.Add(new PublicPool(id, name, Texts(entry, "addresses", path, errors), Texts(entry, "tags", path, errors)));
    }

    private static List<string> Texts(JsonElement entry, string field, string path, PoolListErrors errors)
    {
        List<string> texts = [];
        if (!entry.TryGetProperty(field, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{path}: {field} has to be an array of texts; it may be empty.");
            return texts;
        }

        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                errors.Add($"{path}: {field}[{texts.Count}] has to be text, and not empty.");
            }
        }

        return texts;
    }
}
