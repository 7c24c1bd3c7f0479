using System.Globalization;
using System.Text;

namespace PoolWatch.Core.Pools;

/// <summary>Writes a pool list in the form in which it is kept: fields in a fixed order, one rule a line, so that changes read well.</summary>
/// <remarks>The bytes decide a list's version, so nothing here may depend on a serializer's or a runtime's taste.</remarks>
internal static class PoolListWriter
{
    public static string Write(IReadOnlyList<Pool> pools)
    {
        var text = new StringBuilder();
        text.Append("{\n  \"format\": ").Append(Quote(PoolList.Format)).Append(",\n  \"pools\": ");
        AppendList(text, pools, "  ", WriteEntry);
        return text.Append("\n}\n").ToString();
    }

    public static string WriteEntry(Pool pool) => $"    {{\n{Fields(pool)}\n    }}";

    private static string Fields(Pool pool)
    {
        List<string> fields = [$"      \"slug\": {Quote(pool.Slug)}", $"      \"name\": {Quote(pool.Name)}"];
        if (pool.Link is not null)
        {
            fields.Add($"      \"link\": {Quote(pool.Link)}");
        }

        if (pool.Ids.Mempool.Count + pool.Ids.BitcoinData.Count > 0)
        {
            fields.Add($"      \"ids\": {Ids(pool.Ids)}");
        }

        AddRules(fields, "tags", pool.Tags);
        AddRules(fields, "addresses", pool.Addresses);
        if (pool.PaidFrom is { } paidFrom)
        {
            fields.Add($"      \"paidFrom\": {Number(paidFrom)}");
        }

        if (pool.Note is not null)
        {
            fields.Add($"      \"note\": {Quote(pool.Note)}");
        }

        return string.Join(",\n", fields);
    }

    private static void AddRules(List<string> fields, string name, IReadOnlyList<PoolRule> rules)
    {
        if (rules.Count == 0)
        {
            return;
        }

        var text = new StringBuilder($"      \"{name}\": ");
        AppendList(text, rules, "      ", rule => "        " + Rule(rule));
        fields.Add(text.ToString());
    }

    private static string Rule(PoolRule rule)
    {
        List<string> fields = [$"\"text\": {Quote(rule.Text)}"];
        if (rule.From is { } from)
        {
            fields.Add($"\"from\": {Number(from)}");
        }

        if (rule.To is { } to)
        {
            fields.Add($"\"to\": {Number(to)}");
        }

        if (rule.Exact)
        {
            fields.Add("\"exact\": true");
        }

        if (rule.Note is not null)
        {
            fields.Add($"\"note\": {Quote(rule.Note)}");
        }

        return $"{{ {string.Join(", ", fields)} }}";
    }

    private static string Ids(PoolIds ids)
    {
        List<string> fields = [];
        if (ids.Mempool.Count > 0)
        {
            fields.Add($"\"mempool\": {OneOrMany(ids.Mempool)}");
        }

        if (ids.BitcoinData.Count > 0)
        {
            fields.Add($"\"bitcoinData\": {OneOrMany(ids.BitcoinData)}");
        }

        return $"{{ {string.Join(", ", fields)} }}";
    }

    private static string OneOrMany(IReadOnlyList<int> ids) =>
        ids.Count == 1 ? Number(ids[0]) : $"[{string.Join(", ", ids.Select(Number))}]";

    internal static void AppendList<T>(StringBuilder text, IReadOnlyList<T> items, string indent, Func<T, string> write)
    {
        if (items.Count == 0)
        {
            text.Append("[]");
            return;
        }

        text.Append("[\n").AppendJoin(",\n", items.Select(write)).Append('\n').Append(indent).Append(']');
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Text as JSON with nothing escaped that need not be, which no encoder of the platform does for characters beyond 16 bits.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}
