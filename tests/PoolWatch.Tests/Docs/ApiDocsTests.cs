using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

[Collection(SampleCollection.Name)]
public sealed partial class ApiDocsTests(SampleService sample)
{
    private static readonly string Text = Repository.Read("docs/api.md");
    private static readonly IReadOnlyDictionary<string, string> DocumentedSections = Repository.Sections(Text, "##");

    [Fact]
    public async Task Documentation_has_every_address_and_parameter_and_no_other()
    {
        var document = await sample.Service.GetAsync("/openapi/v1.json");
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(p => Parameters(p.Value.GetProperty("get")).Append("").Select(n => $"GET {p.Name} {n}"));
        var documented = DocumentedSections.SelectMany(s => Repository.Rows(s.Value).Where(r => r[1] is "query" or "path").Select(r => r[0].Trim('`')).Append("").Select(n => $"{s.Key} {n}"));
        Assert.Equal(described.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Documentation_has_every_field_and_no_other()
    {
        var document = await sample.Service.GetAsync("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            var answer = path.Value.GetProperty("get").GetProperty("responses").GetProperty("200");
            // A pool list is a file with a document of its own.
            var fields = answer.TryGetProperty("content", out var content) ? Fields(document, content.GetProperty("application/json").GetProperty("schema"), "") : [];
            Assert.Equal(fields.Order(StringComparer.Ordinal), DocumentedFields($"GET {path.Name}").Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("/health/live", "/health/live")]
    [InlineData("/health/ready", "/health/ready")]
    [InlineData("/v1/status", "/v1/status")]
    [InlineData("/v1/pools", "/v1/pools")]
    [InlineData("/v1/pools/{slug}", "/v1/pools/foundryusa")]
    [InlineData("/v1/pool-lists", "/v1/pool-lists")]
    [InlineData("/v1/blocks", "/v1/blocks")]
    [InlineData("/v1/blocks/{block}", "/v1/blocks/946236")]
    [InlineData("/v1/shares", "/v1/shares")]
    [InlineData("/v1/shares", "/v1/shares?layer=template")]
    [InlineData("/v1/concentration", "/v1/concentration")]
    [InlineData("/v1/layers", "/v1/layers")]
    [InlineData("/v1/unknown", "/v1/unknown")]
    [InlineData("/v1/custody-overlaps", "/v1/custody-overlaps")]
    [InlineData("/v1/list-check", "/v1/list-check")]
    public async Task Answers_have_only_documented_fields(string path, string request)
    {
        var answered = Fields(await sample.Service.GetAsync(request), "").Select(f => TopN().Replace(f, "top.{n}")).ToHashSet();
        Assert.NotEmpty(answered);
        Assert.Subset(DocumentedFields($"GET {path}").ToHashSet(), answered);
    }

    [Fact]
    public async Task Documented_examples_are_what_the_sample_answers()
    {
        const string Mark = "Example: `GET ";
        var examples = Text.Split(Mark).Skip(1).Select(e => (Address: e.Split('`')[0], Answer: e.Split("```json")[1].Split("```")[0])).ToList();
        Assert.True(examples.Count >= 6, "Examples are missing.");
        foreach (var (address, answer) in examples)
        {
            using var response = await sample.Service.Http.GetAsync(address, TestContext.Current.CancellationToken);
            var actual = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            var expected = JsonNode.Parse(answer)!;
            // A new value with every request.
            actual.AsObject().Remove("traceId");
            expected.AsObject().Remove("traceId");
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{address} answers {actual}");
        }
    }

    [GeneratedRegex(@"\btop\.\d")]
    private static partial Regex TopN();

    private static List<string> DocumentedFields(string section) =>
        [.. Repository.Rows(DocumentedSections[section]).Where(r => r[1] is not ("query" or "path")).Select(r => r[0].Trim('`'))];

    private static IEnumerable<string> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var list)
        ? list.EnumerateArray().Select(p => p.GetProperty("name").GetString()!)
        : [];

    /// <summary>Paths of all fields that a schema allows; those of list items with <c>[]</c>.</summary>
    private static IEnumerable<string> Fields(JsonElement document, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Fields(document, document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), path);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Where(c => c.TryGetProperty("$ref", out _)).SelectMany(c => Fields(document, c, path)).Distinct();
        }

        if (schema.TryGetProperty("items", out var items))
        {
            return Fields(document, items, path + "[]");
        }

        if (schema.TryGetProperty("additionalProperties", out _))
        {
            return [$"{path}.{{n}}"];
        }

        return schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().SelectMany(p => Fields(document, p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}"))
            : [path];
    }

    private static IEnumerable<string> Fields(JsonElement answer, string path) => answer.ValueKind switch
    {
        JsonValueKind.Object => answer.EnumerateObject().SelectMany(p => Fields(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}")),
        JsonValueKind.Array => answer.EnumerateArray().SelectMany(i => Fields(i, path + "[]")).Distinct(),
        // A part that is not there at this moment has no fields to check.
        JsonValueKind.Null => [],
        _ => [path],
    };
}
