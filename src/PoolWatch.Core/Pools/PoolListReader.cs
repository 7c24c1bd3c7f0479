using System.Globalization;
using System.Text;
using System.Text.Json;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>Reads a pool list and collects what is wrong with it. What it returns is valid only if there are no errors.</summary>
internal sealed class PoolListReader
{
    /// <summary>A public list that has a pool more than once has it twice.</summary>
    private const int MaxIds = 100;

    private readonly PoolListErrors _errors = new();
    private readonly JsonFields _fields;
    private int _tags;
    private int _addresses;

    public PoolListReader() => _fields = new JsonFields(_errors);

    public IReadOnlyList<string> Errors => _errors.Messages;

    public IReadOnlyList<Pool> Read(ReadOnlySpan<byte> utf8Json)
    {
        using var document = _fields.Parse(utf8Json, "The list");
        if (document is null)
        {
            return [];
        }

        var pools = ReadList(document.RootElement);
        new PoolListChecks(_errors).Run(pools);
        return pools;
    }

    /// <summary>The text behind its byte order mark, if it has one.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;

    private List<Pool> ReadList(JsonElement root)
    {
        List<Pool> pools = [];
        if (!_fields.IsObject(root, "The list"))
        {
            return pools;
        }

        _fields.ExpectOnly(root, "The list", ["format", "pools"]);
        if (!root.TryGetProperty("format", out var format) || _fields.Text(format, "format") != PoolList.Format)
        {
            _errors.Add($"format has to be \"{PoolList.Format}\".");
        }

        if (!root.TryGetProperty("pools", out var entries) || entries.ValueKind != JsonValueKind.Array)
        {
            _errors.Add("pools has to be an array of pools.");
        }
        else if (PoolListChecks.CheckCount("pools", entries.GetArrayLength(), PoolList.MaxPools, _errors))
        {
            foreach (var entry in entries.EnumerateArray().TakeWhile(_ => !_errors.IsFull))
            {
                ReadPool(entry, pools);
            }
        }

        return pools;
    }

    private void ReadPool(JsonElement entry, List<Pool> pools)
    {
        var path = $"pools[{pools.Count}]";
        if (!_fields.IsObject(entry, path))
        {
            pools.Add(new Pool { Slug = "", Name = "" });
            return;
        }

        var slug = _fields.RequiredText(entry, path, "slug");
        path = slug.Length == 0 ? path : $"{path} ({Sentence.Quote(slug)})";
        if (slug.Length > 0 && !PoolSlug.IsValid(slug))
        {
            _errors.Add($"{path}: slug has to be 1 to 64 small letters a-z and digits, and not \"{Pool.UnknownSlug}\".");
        }

        _fields.ExpectOnly(entry, path, ["slug", "name", "link", "ids", "tags", "addresses", "paidFrom", "note"]);
        pools.Add(new Pool
        {
            Slug = slug,
            Name = _fields.RequiredText(entry, path, "name"),
            Link = ReadLink(entry, path),
            Ids = ReadIds(entry, path),
            Tags = ReadRules(entry, path, "tags", RuleKind.Tag),
            Addresses = ReadRules(entry, path, "addresses", RuleKind.Address),
            PaidFrom = ReadHeight(entry, path, "paidFrom"),
            Note = _fields.OptionalText(entry, path, "note"),
        });
        if (pools[^1].PaidFrom is not null && pools[^1].Addresses.Count == 0)
        {
            _errors.Add($"{path}: paidFrom says that its blocks pay its listed addresses, and it lists none.");
        }
    }

    private string? ReadLink(JsonElement entry, string path)
    {
        var link = _fields.OptionalText(entry, path, "link");
        if (link is not null && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            _errors.Add($"{path}: link is \"{Sentence.Quote(link)}\"; it has to start with https:// or http://, or be left out.");
        }

        return link;
    }

    private PoolIds ReadIds(JsonElement entry, string path)
    {
        if (!entry.TryGetProperty("ids", out var ids) || !_fields.IsObject(ids, $"{path}: ids"))
        {
            return PoolIds.None;
        }

        _fields.ExpectOnly(ids, $"{path}: ids", ["mempool", "bitcoinData"]);
        return new PoolIds(ReadIds(ids, path, "mempool"), ReadIds(ids, path, "bitcoinData"));
    }

    private int[] ReadIds(JsonElement ids, string path, string space)
    {
        if (!ids.TryGetProperty(space, out var value))
        {
            return [];
        }

        JsonElement[] elements = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Take(MaxIds + 1)] : [value];
        var numbers = Array.ConvertAll(elements, element => Int(element) ?? 0);
        if (numbers.Length is 0 or > MaxIds || numbers.Any(number => number <= 0))
        {
            _errors.Add($"{path}: ids.{space} has to be a whole number above 0, or an array of up to {MaxIds} such numbers.");
        }

        return numbers;
    }

    private List<PoolRule> ReadRules(JsonElement entry, string path, string field, RuleKind kind)
    {
        List<PoolRule> rules = [];
        if (!entry.TryGetProperty(field, out var array))
        {
            return rules;
        }

        if (array.ValueKind != JsonValueKind.Array)
        {
            _errors.Add($"{path}: {field} has to be an array of rules.");
            return rules;
        }

        // Each has to be decoded or looked at, so too many are not even begun with.
        ref var count = ref kind == RuleKind.Tag ? ref _tags : ref _addresses;
        count += array.GetArrayLength();
        if (!PoolListChecks.CheckCount(field, count, kind == RuleKind.Tag ? PoolList.MaxTagBytes : PoolList.MaxAddresses, _errors))
        {
            return rules;
        }

        var index = 0;
        foreach (var element in array.EnumerateArray().TakeWhile(_ => !_errors.IsFull))
        {
            ReadRule(element, $"{path}: {field}[{index++}]", kind, rules);
        }

        return rules;
    }

    private void ReadRule(JsonElement element, string path, RuleKind kind, List<PoolRule> rules)
    {
        if (!_fields.IsObject(element, path))
        {
            return;
        }

        _fields.ExpectOnly(element, path, kind == RuleKind.Tag ? ["text", "from", "to", "exact", "note"] : ["text", "from", "to", "note"]);
        var rule = new PoolRule(kind, _fields.RequiredText(element, path, "text"))
        {
            From = ReadHeight(element, path, "from"),
            To = ReadHeight(element, path, "to"),
            Exact = kind == RuleKind.Tag && ReadExact(element, path),
            Note = _fields.OptionalText(element, path, "note"),
        };
        rules.Add(rule);
        if (rule.From > rule.To)
        {
            _errors.Add($"{path}: from is {rule.From} and to is {rule.To}; from can't be above to.");
        }

        if (kind == RuleKind.Address && rule.Text.Length > 0 && !Address.TryToScript(rule.Text, Network.Main, out _))
        {
            _errors.Add($"{path}: \"{Sentence.Quote(rule.Text)}\" is no address of Bitcoin's mainnet.");
        }
        else if (kind == RuleKind.Tag && Encoding.UTF8.GetByteCount(rule.Text) > PoolList.MaxTagLength)
        {
            _errors.Add($"{path}: the tag has more than {PoolList.MaxTagLength} bytes and can't stand in any coinbase.");
        }
    }

    private int? ReadHeight(JsonElement element, string path, string field)
    {
        if (!element.TryGetProperty(field, out var value))
        {
            return null;
        }

        var height = Int(value);
        if (height is null or < 0)
        {
            _errors.Add($"{path}: {field} has to be a height, a whole number from 0 to {int.MaxValue}.");
        }

        return height;
    }

    private bool ReadExact(JsonElement element, string path)
    {
        if (element.TryGetProperty("exact", out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            _errors.Add($"{path}: exact has to be true or false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private static int? Int(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : null;
}
