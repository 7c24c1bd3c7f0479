using PoolWatch.Commands;
using PoolWatch.History;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

public sealed class ExportDocsTests
{
    private static readonly string Text = Repository.Read("docs/exports.md");
    private static readonly IReadOnlyDictionary<string, string> Tables = Repository.Sections(Text, "###");

    [Fact]
    public void Documentation_has_every_column_in_its_order()
    {
        Assert.Equal(MeasuresExport.Columns, Columns("measures"));
        Assert.Equal(SharesExport.Columns, Columns("shares"));
        Assert.Equal(BlocksExport.Columns, Columns("blocks"));
    }

    [Fact]
    public void Documentation_has_every_gauge_that_has_a_history() =>
        Assert.Equal(OpenMetricsExport.Families, Repository.Rows(Text).Select(r => r[0].Trim('`')).Where(n => n.StartsWith("poolwatch_", StringComparison.Ordinal)));

    [Fact]
    public void Documentation_has_every_option_of_every_export()
    {
        var options = Repository.Rows(Text).Where(r => r[0].StartsWith("`--", StringComparison.Ordinal)).Select(r => r[0].Trim('`')[2..].TrimEnd('='));
        Assert.Equal(ExportCommand.Options.Values.SelectMany(o => o).Distinct().Order(StringComparer.Ordinal), options.Order(StringComparer.Ordinal));
        Assert.Equal(ExportCommand.Options.Keys.Order(StringComparer.Ordinal), Repository.Rows(Text).Select(r => r[0].Trim('`')).Where(ExportCommand.Options.ContainsKey).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Columns(string table) => Repository.Rows(Tables[table]).Select(r => r[0].Trim('`'));
}
