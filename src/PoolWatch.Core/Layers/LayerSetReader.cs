using System.Text.Json;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Layers;

/// <summary>Reads a file of layers and collects what is wrong with it. What it returns is valid only if there are no errors.</summary>
internal sealed class LayerSetReader(PoolListErrors errors)
{
    private readonly JsonFields _fields = new(errors);

    /// <summary>Whether the file adds to the bundled layers.</summary>
    public bool ExtendsBundled { get; private set; }

    public IReadOnlyList<Layer> Read(ReadOnlySpan<byte> utf8Json)
    {
        using var document = _fields.Parse(utf8Json, "The file");
        return document is null ? [] : ReadSet(document.RootElement);
    }

    private IReadOnlyList<Layer> ReadSet(JsonElement root)
    {
        if (!_fields.IsObject(root, "The file"))
        {
            return [];
        }

        _fields.ExpectOnly(root, "The file", ["format", "extends", "layers"]);
        if (_fields.RequiredText(root, "The file", "format") is { Length: > 0 } format && format != LayerSet.Format)
        {
            errors.Add($"format is \"{format}\"; it has to be \"{LayerSet.Format}\".");
        }

        var extends = _fields.OptionalText(root, "The file", "extends");
        ExtendsBundled = extends == LayerSet.Bundled;
        if (extends is not null && !ExtendsBundled)
        {
            errors.Add($"extends is \"{extends}\"; it has to be \"{LayerSet.Bundled}\", or be left out.");
        }

        return _fields.Items(root, "", "layers", required: true, ReadLayer);
    }

    private Layer? ReadLayer(JsonElement element, string path)
    {
        var name = _fields.RequiredText(element, path, "name");
        path = name.Length == 0 ? path : $"{path} ({name})";
        _fields.ExpectOnly(element, path, ["name", "about", "entities", "miners"]);
        if (name == Layer.PoolName)
        {
            errors.Add($"{path}: the layer {Layer.PoolName} has no groups and can't be defined.");
        }
        else if (name.Length > 0 && !LayerSetChecks.IsLayerName(name))
        {
            errors.Add($"{path}: name has to be a small letter a-z, then up to 31 small letters and digits.");
        }

        return new Layer
        {
            Name = name,
            About = _fields.OptionalText(element, path, "about"),
            Entities = _fields.Items(element, path, "entities", required: false, ReadEntity),
            Miners = _fields.Items(element, path, "miners", required: false, ReadMembership),
        };
    }

    private LayerEntity? ReadEntity(JsonElement element, string path)
    {
        var slug = _fields.RequiredText(element, path, "slug");
        path = slug.Length == 0 ? path : $"{path} ({slug})";
        _fields.ExpectOnly(element, path, ["slug", "name", "members"]);
        CheckSlug(slug, path, "slug");
        return new LayerEntity
        {
            Slug = slug,
            Name = _fields.RequiredText(element, path, "name"),
            Members = _fields.Items(element, path, "members", required: false, ReadMembership),
        };
    }

    private Membership? ReadMembership(JsonElement element, string path)
    {
        var pool = _fields.RequiredText(element, path, "pool");
        path = pool.Length == 0 ? path : $"{path} ({pool})";
        _fields.ExpectOnly(element, path, ["pool", "from", "to", "knownSince", "knownUntil", "confidence", "source", "note"]);
        CheckSlug(pool, path, "pool");
        var (from, to) = ReadDates(element, path, "from", "to");
        var (knownSince, knownUntil) = ReadDates(element, path, "knownSince", "knownUntil");
        return new Membership
        {
            Pool = pool,
            From = from,
            To = to,
            KnownSince = knownSince,
            KnownUntil = knownUntil,
            Confidence = ReadConfidence(element, path),
            Source = _fields.RequiredText(element, path, "source"),
            Note = _fields.OptionalText(element, path, "note"),
        };
    }

    private void CheckSlug(string slug, string path, string field)
    {
        if (slug.Length > 0 && !PoolSlug.IsValid(slug))
        {
            errors.Add($"{path}: {field} has to be 1 to 64 small letters a-z and digits, and not \"{Pool.UnknownSlug}\".");
        }
    }

    private (DateOnly? Start, DateOnly? End) ReadDates(JsonElement element, string path, string start, string end)
    {
        var (first, last) = (ReadDate(element, path, start), ReadDate(element, path, end));
        if (first >= last)
        {
            errors.Add($"{path}: {start} is {first:O} and {end} is {last:O}; {end} is the first day that no longer counts and must be later.");
        }

        return (first, last);
    }

    private DateOnly? ReadDate(JsonElement element, string path, string field)
    {
        if (_fields.OptionalText(element, path, field) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "O", out var date))
        {
            return date;
        }

        errors.Add($"{path}: {field} is \"{text}\"; it has to be a date such as 2024-01-31.");
        return null;
    }

    private Confidence ReadConfidence(JsonElement element, string path)
    {
        var text = _fields.RequiredText(element, path, "confidence");
        if (ConfidenceText.TryParse(text, out var confidence))
        {
            return confidence;
        }

        if (text.Length > 0)
        {
            errors.Add($"{path}: confidence is \"{text}\"; it has to be one of {string.Join(", ", ConfidenceText.All)}.");
        }

        return Confidence.Low;
    }
}
