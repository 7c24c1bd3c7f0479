using System.Text;
using PoolWatch.Core.Layers;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/layers.md says what the format is and which layers there are.</summary>
public sealed class LayerDocsTests
{
    private static readonly string Text = Repository.Read("docs/layers.md");

    [Fact]
    public void Every_bundled_layer_is_explained_and_no_other()
    {
        var rows = Repository.Rows(Text).Where(r => r.Length == 2 && !ConfidenceText.All.Contains(r[0].Trim('`')));
        Assert.Equal(LayerSet.LoadBundled().Layers.Select(l => l.Name), rows.Select(r => r[0].Trim('`')));
    }

    [Fact]
    public void Every_confidence_is_explained() =>
        Assert.Equal(ConfidenceText.All, Repository.Rows(Text).Select(r => r[0].Trim('`')).Where(ConfidenceText.All.Contains));

    [Fact]
    public void The_example_is_a_valid_file_that_shows_every_field()
    {
        var example = Text.Split("```json")[1].Split("```")[0];
        var set = LayerSet.Parse(Encoding.UTF8.GetBytes(example));
        Assert.Equal([.. LayerSet.LoadBundled().Layers.Select(l => l.Name), "country"], set.Layers.Select(l => l.Name));
        Assert.Equal(3, set.Find("country")!.Memberships.Count());
    }

    [Fact]
    public void Every_field_is_explained_and_no_other()
    {
        var documented = Repository.Rows(Text).Where(r => r.Length == 3).Select(r => r[0].Trim('`'));
        string[] known =
        [
            "format", "extends", "layers", "name", "about", "entities", "slug", "members", "miners",
            "pool", "from", "to", "knownSince", "knownUntil", "confidence", "source", "note",
        ];
        Assert.Equal(known, documented);
        Assert.Subset(known.ToHashSet(), FieldsOf(LayerSet.LoadBundled().ToJson()).Append("extends").ToHashSet());
    }

    [Fact]
    public void The_limits_are_those_of_the_program()
    {
        Assert.Contains($"{LayerSet.MaxBytes >> 20} MiB, eight", Text, StringComparison.Ordinal);
        Assert.Equal(8, LayerSet.MaxLayers);
        Assert.Contains($"{LayerSet.MaxMemberships:N0} memberships", Text.Replace('\n', ' '), StringComparison.Ordinal);
    }

    private static IEnumerable<string> FieldsOf(string json) => System.Text.RegularExpressions.Regex.Matches(json, "\"([A-Za-z]+)\": ").Select(m => m.Groups[1].Value);
}
