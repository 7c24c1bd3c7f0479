using System.Text.Json;
using System.Text.Unicode;

namespace PoolWatch.Core.Pools;

/// <summary>Reads fields of a file that people write, and notes a sentence for each that is not as it has to be.</summary>
internal sealed class JsonFields(PoolListErrors errors)
{
    /// <summary>The file's document; null, with an error, where it is no JSON or has a field twice.</summary>
    /// <param name="utf8Json">The file, with or without byte order mark.</param>
    /// <param name="file">What to call it at the beginning of a sentence.</param>
    public JsonDocument? Parse(ReadOnlySpan<byte> utf8Json, string file)
    {
        var json = PoolListReader.WithoutMark(utf8Json);
        if (!Utf8.IsValid(json))
        {
            errors.Add($"{file} is no UTF-8 text.");
            return null;
        }

        try
        {
            return JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: " : "";
            errors.Add($"{file} is no JSON: {place}{e.Message.Split(" LineNumber:")[0]}");
        }
        catch (InvalidOperationException)
        {
            // Looking for fields that are there twice unescapes their names.
            errors.Add($"{file} is no JSON: the name of a field has an escape that is half of a surrogate pair.");
        }

        return null;
    }

    public bool IsObject(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{path} has to be an object, in braces.");
        }

        return element.ValueKind == JsonValueKind.Object;
    }

    public void ExpectOnly(JsonElement element, string path, string[] known)
    {
        foreach (var property in element.EnumerateObject().TakeWhile(_ => !errors.IsFull))
        {
            if (!known.Any(property.NameEquals))
            {
                // The raw token: a name may hold an escape that is no text.
                var name = property.ToString().Split(':')[0];
                errors.Add($"{path}: {name} is no known field; known are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The objects of an array, read one by one; empty where the field is missing. The path of the whole file is empty.</summary>
    public IReadOnlyList<T> Items<T>(JsonElement parent, string path, string field, bool required, Func<JsonElement, string, T?> read)
        where T : class
    {
        var prefix = path.Length == 0 ? field : $"{path}: {field}";
        var found = parent.TryGetProperty(field, out var array);
        if (!found || array.ValueKind != JsonValueKind.Array)
        {
            if (found || required)
            {
                errors.Add($"{prefix} has to be an array.");
            }

            return [];
        }

        List<T> items = [];
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            var place = $"{prefix}[{index++}]";
            if (!errors.IsFull && IsObject(element, place) && read(element, place) is { } item)
            {
                items.Add(item);
            }
        }

        return items;
    }

    /// <summary>The text of a field; empty, with an error, where there is none.</summary>
    public string RequiredText(JsonElement parent, string path, string field)
    {
        if (parent.TryGetProperty(field, out _))
        {
            return OptionalText(parent, path, field) ?? "";
        }

        errors.Add($"{path}: {field} is missing.");
        return "";
    }

    /// <summary>The text of a field; null where there is none.</summary>
    public string? OptionalText(JsonElement parent, string path, string field)
    {
        if (!parent.TryGetProperty(field, out var element))
        {
            return null;
        }

        var text = Text(element, $"{path}: {field}");
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            errors.Add($"{path}: {field} is empty.");
        }
        else if (text is not null && text.Any(char.IsControl))
        {
            errors.Add($"{path}: {field} has a control character.");
        }

        return text;
    }

    /// <summary>The text of a value; null, with an error, where it is none.</summary>
    public string? Text(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            errors.Add($"{path} has to be text.");
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            errors.Add($"{path} has an escape that is half of a surrogate pair.");
            return null;
        }
    }
}
