using System.Globalization;
using System.Text;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Writes a public list as its maintainers do: the same fields in the same order, a text a line.</summary>
internal static class PublicPoolListWriter
{
    public static string Write(PublicPoolList list)
    {
        var indent = list.Kind == PublicListKind.Mempool ? "  " : " ";
        var text = new StringBuilder();
        AppendArray(text, [.. list.Pools.Select(pool => Entry(pool, indent))], "");
        return text.Append('\n').ToString();

        string Entry(PublicPool pool, string outer)
        {
            var inner = outer + indent;
            var entry = new StringBuilder("{\n");
            entry.Append(CultureInfo.InvariantCulture, $"{inner}\"id\": {pool.Id},\n{inner}\"name\": {PoolListWriter.Quote(pool.Name)},\n{inner}\"addresses\": ");
            AppendArray(entry, [.. pool.Addresses.Select(PoolListWriter.Quote)], inner);
            entry.Append(CultureInfo.InvariantCulture, $",\n{inner}\"tags\": ");
            AppendArray(entry, [.. pool.Tags.Select(PoolListWriter.Quote)], inner);
            return entry.Append(CultureInfo.InvariantCulture, $",\n{inner}\"link\": {PoolListWriter.Quote(pool.Link)}\n{outer}}}").ToString();
        }

        void AppendArray(StringBuilder into, IReadOnlyList<string> items, string outer) => _ = items.Count == 0
            ? into.Append("[]")
            : into.Append("[\n").AppendJoin(",\n", items.Select(item => outer + indent + item)).Append('\n').Append(outer).Append(']');
    }
}
