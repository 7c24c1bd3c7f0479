using System.Text;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Layers;

/// <summary>Writes layers in the form in which they are kept: fields in a fixed order, one membership a line, so that changes read well.</summary>
internal static class LayerSetWriter
{
    public static string Write(IReadOnlyList<Layer> layers)
    {
        var text = new StringBuilder();
        text.Append("{\n  \"format\": ").Append(PoolListWriter.Quote(LayerSet.Format)).Append(",\n  \"layers\": ");
        PoolListWriter.AppendList(text, layers, "  ", static layer => $"    {{\n{Fields(layer)}\n    }}");
        return text.Append("\n}\n").ToString();
    }

    private static string Fields(Layer layer)
    {
        List<string> fields = [$"      \"name\": {PoolListWriter.Quote(layer.Name)}"];
        if (layer.About is not null)
        {
            fields.Add($"      \"about\": {PoolListWriter.Quote(layer.About)}");
        }

        AddList(fields, "      ", "entities", layer.Entities, static entity => $"        {{\n{Fields(entity)}\n        }}");
        AddList(fields, "      ", "miners", layer.Miners, static row => "        " + Row(row));
        return string.Join(",\n", fields);
    }

    private static string Fields(LayerEntity entity)
    {
        List<string> fields = [$"          \"slug\": {PoolListWriter.Quote(entity.Slug)}", $"          \"name\": {PoolListWriter.Quote(entity.Name)}"];
        AddList(fields, "          ", "members", entity.Members, static row => "            " + Row(row));
        return string.Join(",\n", fields);
    }

    private static void AddList<T>(List<string> fields, string indent, string name, IReadOnlyList<T> items, Func<T, string> write)
    {
        if (items.Count > 0)
        {
            var text = new StringBuilder($"{indent}\"{name}\": ");
            PoolListWriter.AppendList(text, items, indent, write);
            fields.Add(text.ToString());
        }
    }

    private static string Row(Membership row)
    {
        IEnumerable<(string Name, string? Value)> fields =
        [
            ("pool", row.Pool), ("from", row.From?.ToString("O")), ("to", row.To?.ToString("O")), ("knownSince", row.KnownSince?.ToString("O")),
            ("knownUntil", row.KnownUntil?.ToString("O")), ("confidence", ConfidenceText.Of(row.Confidence)), ("source", row.Source), ("note", row.Note),
        ];
        return $"{{ {string.Join(", ", fields.Where(static f => f.Value is not null).Select(static f => $"\"{f.Name}\": {PoolListWriter.Quote(f.Value!)}"))} }}";
    }
}
