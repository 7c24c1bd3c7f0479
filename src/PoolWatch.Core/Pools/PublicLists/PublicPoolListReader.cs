using System.Text.Json;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Reads the JSON that both public lists use, and collects what is wrong with it.</summary>
internal static class PublicPoolListReader
{
    public static List<PublicPool> Read(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > PoolList.MaxBytes)
        {
            throw PoolList.TooLarge();
        }

        var errors = new PoolListErrors();
        var pools = Read(utf8Json, errors);
        return errors.Messages.Count == 0 ? pools : throw new PoolListException(errors.Messages);
    }

    private static List<PublicPool> Read(ReadOnlySpan<byte> utf8Json, PoolListErrors errors)
    {
        List<PublicPool> pools = [];
        using var document = new JsonFields(errors).Parse(utf8Json, "The list");
        if (document is null)
        {
            return pools;
        }

        try
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                errors.Add("A public list has to be an array of pools, each with id, name, addresses and tags.");
                return pools;
            }

            if (!PoolListChecks.CheckCount("pools", document.RootElement.GetArrayLength(), PoolList.MaxPools, errors))
            {
                return pools;
            }

            foreach (var entry in document.RootElement.EnumerateArray().TakeWhile(_ => !errors.IsFull))
            {
                ReadPool(entry, $"[{pools.Count}]", pools, errors);
            }
        }
        catch (InvalidOperationException e)
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

        pools.Add(new PublicPool(id, name, Texts(entry, "addresses", path, errors), Texts(entry, "tags", path, errors), Link(entry, path, errors)));
    }

    private static string Link(JsonElement entry, string path, PoolListErrors errors)
    {
        if (!entry.TryGetProperty("link", out var link) || link.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        if (link.ValueKind != JsonValueKind.String)
        {
            errors.Add($"{path}: link has to be text; it may be empty.");
            return "";
        }

        return link.GetString()!;
    }

    private static List<string> Texts(JsonElement entry, string field, string path, PoolListErrors errors)
    {
        List<string> texts = [];
        if (!entry.TryGetProperty(field, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{path}: {field} has to be an array of texts; it may be empty.");
            return texts;
        }

        foreach (var element in array.EnumerateArray().TakeWhile(_ => !errors.IsFull))
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
