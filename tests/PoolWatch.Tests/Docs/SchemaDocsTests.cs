using Npgsql;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

[Collection(SampleCollection.Name)]
public sealed class SchemaDocsTests(SampleService sample)
{
    [Fact]
    public async Task Documentation_has_every_column_of_every_table_and_view_with_its_type()
    {
        var documented = Repository.Sections(Repository.Read("docs/schema.md"), "###")
            .SelectMany(s => Repository.Rows(s.Value).Select(r => $"{s.Key}.{r[0].Trim('`')} {r[1]}"));
        Assert.Equal((await ColumnsAsync()).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    /// <summary>As documented: <c>block.height `integer`</c>, with <c>or null</c> where a table's column allows it. The migrations' own table is Evolve's.</summary>
    private async Task<List<string>> ColumnsAsync()
    {
        await using var connection = new NpgsqlConnection(sample.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname || '.' || a.attname || ' `' || format_type(a.atttypid, a.atttypmod) || '`'
                   || CASE WHEN c.relkind = 'r' AND NOT a.attnotnull THEN ' or null' ELSE '' END
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'poolwatch_sample'::regnamespace AND c.relkind IN ('r', 'v', 'm') AND c.relname <> 'schema_migration'
            """, connection);
        var columns = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            columns.Add(reader.GetString(0));
        }

        Assert.NotEmpty(columns);
        return columns;
    }
}
