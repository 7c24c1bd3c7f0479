using System.Text.RegularExpressions;
using Npgsql;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>Users for Grafana by the grants of docs/schema.md, on the service's own database.</summary>
[Collection(YearCollection.Name)]
public sealed partial class DashboardRoleTests(ScrapedYear year)
{
    private const string Schema = "poolwatch_regtest";

    private static IReadOnlyList<string> Grants =>
        [.. Repository.Read("docs/schema.md").Split("```sql\n").Skip(1).Select(p => p.Split("```")[0]).Where(p => p.StartsWith("CREATE ROLE grafana", StringComparison.Ordinal))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_user_of_the_documentation_can_ask_every_query_of_the_dashboards_and_change_nothing(int number)
    {
        var connection = await CreateUserAsync(Grants[number], $"grafana_{number}");
        await using (var database = NpgsqlDataSource.Create(connection))
        {
            foreach (var query in Dashboard.All.SelectMany(d => d.Queries.Concat(d.AnnotationQueries)).Where(q => q.IsSql))
            {
                await using var command = database.CreateCommand(GrafanaVariables.Fill(query.Text, ""));
                var refused = await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
                Assert.True(refused is null, $"'{query.Panel}': {refused?.Message}");
            }
        }

        await AssertRefusedAsync(connection, "DELETE FROM pool_list_change");
        await AssertRefusedAsync(connection, "CREATE TABLE mine (x int)");
    }

    [Fact]
    public async Task The_least_that_is_granted_is_what_the_dashboards_read()
    {
        var read = Dashboard.All.SelectMany(d => d.Queries.Concat(d.AnnotationQueries)).SelectMany(q => ReadName().Matches(q.Text)).Select(m => m.Groups[1].Value);
        var granted = GrantedName().Matches(Grants[1]).Select(m => m.Groups[1].Value);
        Assert.Equal(read.Distinct().Order(StringComparer.Ordinal), granted.Order(StringComparer.Ordinal));
        await AssertRefusedAsync(await CreateUserAsync(Grants[1], "grafana_least"), "SELECT 1 FROM attribution");
    }

    private async Task<string> CreateUserAsync(string grants, string name)
    {
        var sql = grants.Replace("poolwatch", Schema, StringComparison.Ordinal).Replace("grafana", name, StringComparison.Ordinal);
        await StoredState.ExecuteAsync(year.ConnectionString, Schema, sql);
        return new NpgsqlConnectionStringBuilder(year.ConnectionString) { Username = name, Pooling = false }.ConnectionString;
    }

    private static async Task AssertRefusedAsync(string connection, string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => StoredState.ExecuteAsync(connection, Schema, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [GeneratedRegex("\\$schema\\.(\\w+)")]
    private static partial Regex ReadName();

    [GeneratedRegex("\\bpoolwatch\\.(\\w+)")]
    private static partial Regex GrantedName();
}
