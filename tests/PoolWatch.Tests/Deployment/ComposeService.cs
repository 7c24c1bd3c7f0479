using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PoolWatch.Tests.Deployment;

/// <summary>One service of docker-compose.yml as Compose would start it: variables filled in, mounted paths known.</summary>
internal sealed partial class ComposeService(string name, IReadOnlyDictionary<string, string> variables)
{
    private readonly YamlNode _service = Yaml.Load("docker-compose.yml").Get("services").Get(name);

    public IReadOnlyList<string> Command => [.. _service.Get("command").Texts().Select(Fill)];

    /// <summary>Program and arguments of the health check.</summary>
    public IReadOnlyList<string> HealthCheck => [.. _service.Get("healthcheck").Get("test").Texts().Skip(1)];

    public IReadOnlyDictionary<string, string> Environment => _service.Get("environment").Entries().ToDictionary(e => e.Key, e => Fill(e.Value.Text()));

    public string Text(string key) => _service.Get(key).Text();

    /// <summary>What a path inside of the container is on this machine: in a folder of the repository, or in that of a volume.</summary>
    public string OnThisMachine(string text, string volumesFolder)
    {
        foreach (var (source, target) in _service.Get("volumes").Texts().Select(v => v.Split(':')).Select(v => (v[0], v[1])))
        {
            var folder = source.StartsWith("./", StringComparison.Ordinal) ? Repository.PathOf(source[2..]) : Path.Combine(volumesFolder, source);
            if (text.EndsWith($"={target}", StringComparison.Ordinal) || text.Contains($"={target}/", StringComparison.Ordinal))
            {
                return text.Replace($"={target}", $"={folder}", StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>${NAME:-default} and ${NAME:?message}, as Compose reads them: an empty variable counts as not set.</summary>
    private string Fill(string text) => Variable().Replace(text, m =>
        variables.TryGetValue(m.Groups[1].Value, out var value) && value.Length > 0 ? value
        : m.Groups[2].Value == "-" ? m.Groups[3].Value
        : throw new InvalidOperationException($"{m.Groups[1].Value} {m.Groups[3].Value}"));

    [GeneratedRegex("\\$\\{(\\w+):([-?])([^}]*)\\}")]
    private static partial Regex Variable();
}
