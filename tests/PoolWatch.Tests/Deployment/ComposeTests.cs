using System.Text.RegularExpressions;
using PoolWatch.Settings;
using PoolWatch.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PoolWatch.Tests.Deployment;

/// <summary>What docker-compose.yml promises, as far as it can be read without a Docker engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode Compose = Yaml.Load("docker-compose.yml");

    private static IEnumerable<(string Name, YamlNode Service)> Services => Compose.Get("services").Entries();

    [Fact]
    public void The_services_are_those_of_the_documentation()
    {
        string[] expected = ["alertmanager", "grafana", "node", "node-folders", "poolwatch", "postgres", "prometheus"];
        Assert.Equal(expected, Services.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.All(expected, name => Assert.Contains($"`{name}`", Repository.Read("docs/docker.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_are_published_on_loopback_only()
    {
        var ports = Services.SelectMany(s => s.Service.Find("ports").Texts()).ToList();
        Assert.Equal(4, ports.Count);
        Assert.All(ports, port => Assert.Matches("^127\\.0\\.0\\.1:[0-9]+:[0-9]+$", port));
        Assert.All(Services, s => Assert.NotEqual("host", s.Service.Find("network_mode")?.Text()));
    }

    [Fact]
    public void Images_have_a_version()
    {
        var dockerfile = FromLine().Matches(Repository.Read("Dockerfile")).Select(m => m.Groups[1].Value);
        var images = Services.Select(s => s.Service.Get("image").Text()).Concat(dockerfile).ToList();
        Assert.All(images, image => Assert.Matches("^[a-z0-9./-]+:v?[0-9]+\\.[0-9]+(\\.[0-9]+)?(-[a-z]+)?$", image));
    }

    [Fact]
    public void Everything_that_keeps_running_has_a_health_check()
    {
        foreach (var (name, service) in Services.Where(s => s.Service.Find("restart") is not null))
        {
            var inImage = service.Find("build") is not null && Repository.Read("Dockerfile").Contains("\nHEALTHCHECK ", StringComparison.Ordinal);
            Assert.True(inImage || service.Find("healthcheck")?.Find("test") is not null, $"{name} has no health check.");
        }
    }

    [Fact]
    public void Services_wait_for_the_health_of_what_they_need()
    {
        var names = Services.Select(s => s.Name).ToHashSet();
        var waits = Services.SelectMany(s => s.Service.Find("depends_on").Entries().Select(d => (s.Name, On: d.Key, Condition: d.Value.Get("condition").Text()))).ToList();
        Assert.Contains(("poolwatch", "postgres", "service_healthy"), waits);
        Assert.Contains(("poolwatch", "node", "service_healthy"), waits);
        Assert.Contains(("prometheus", "poolwatch", "service_healthy"), waits);
        Assert.Contains(("node", "node-folders", "service_completed_successfully"), waits);
        Assert.All(waits, w => Assert.Contains(w.On, names));
        Assert.Equal("false", Compose.Get("services").Get("poolwatch").Get("depends_on").Get("node").Get("required").Text());
    }

    [Fact]
    public void Every_setting_of_PoolWatch_is_one_that_exists()
    {
        var written = Services.SelectMany(s => s.Service.Find("environment").Entries()).Select(e => e.Key)
            .Concat(EnvName().Matches(Repository.Read(".env.example")).Select(m => m.Groups[1].Value))
            .Concat(EnvName().Matches(Repository.Read("Dockerfile")).Select(m => m.Groups[1].Value))
            .Where(k => k.Contains("__", StringComparison.Ordinal)).ToList();
        Assert.Contains("ConnectionStrings__PoolWatch", written);
        Assert.All(written, key => Assert.Contains(key.Replace("__", ":", StringComparison.Ordinal), SettingKeys.All));
    }

    [Fact]
    public void Passwords_come_from_the_environment_and_are_required()
    {
        var secrets = Services.SelectMany(s => s.Service.Find("environment").Entries())
            .Where(e => e.Key.EndsWith("PASSWORD", StringComparison.Ordinal) || e.Value.Text().Contains("Password=", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, secrets.Count);
        Assert.All(secrets, s => Assert.Matches("\\$\\{[A-Z_]+:\\?is not set\\. [^}]+\\}$", s.Value.Text()));
    }

    [Fact]
    public void Variables_that_compose_needs_are_in_the_example()
    {
        var example = Repository.Read(".env.example");
        var used = Variable().Matches(Repository.Read("docker-compose.yml")).Select(m => m.Groups[1].Value).Distinct().ToList();
        string[] unusual = ["PoolWatch__Network", "PoolWatch__Source", "PoolWatch__FromHeight"];
        Assert.Contains("POSTGRES_PASSWORD", used);
        Assert.All(used.Except(unusual), name => Assert.Contains($"{name}=", example, StringComparison.Ordinal));
    }

    [Fact]
    public void Mounted_files_are_in_the_repository_and_volumes_are_declared()
    {
        var volumes = Compose.Get("volumes").Entries().Select(v => v.Key).ToHashSet();
        var sources = Services.SelectMany(s => s.Service.Find("volumes").Texts()).Select(m => MountSource().Match(m).Groups[1].Value).ToList();
        Assert.All(sources.Where(s => s.StartsWith('.')), s => Assert.True(Directory.Exists(Repository.PathOf(s)), $"{s} is not in the repository."));
        Assert.All(sources.Where(s => !s.StartsWith('.')), s => Assert.Contains(s.Replace("${NODE_COOKIE_FOLDER:-", "", StringComparison.Ordinal).TrimEnd('}'), volumes));
        Assert.True(File.Exists(Repository.PathOf("prometheus/prometheus.yml")) && File.Exists(Repository.PathOf("alertmanager/alertmanager.yml")));
    }

    [Fact]
    public void Prometheus_keeps_twenty_years() =>
        Assert.Contains("--storage.tsdb.retention.time=20y", Compose.Get("services").Get("prometheus").Get("command").Texts());

    [Fact]
    public void Addresses_between_services_are_those_of_compose()
    {
        var prometheus = Yaml.Load("prometheus/prometheus.yml");
        var scraped = prometheus.Get("scrape_configs").Items().Single(c => c.Get("job_name").Text() == "poolwatch").Get("static_configs").Items().Single().Get("targets").Texts();
        var alertmanagers = prometheus.Get("alerting").Get("alertmanagers").Items().Single().Get("static_configs").Items().Single().Get("targets").Texts();
        var grafana = Yaml.Load("grafana/provisioning/datasources/prometheus.yml").Get("datasources").Items().Single().Get("url").Text();
        var database = Yaml.Load("grafana/provisioning/datasources/postgresql.yml").Get("datasources").Items().Single();
        var dashboards = Yaml.Load("grafana/provisioning/dashboards/poolwatch.yml").Get("providers").Items().Single().Get("options").Get("path").Text();
        Assert.Equal(["poolwatch:8080"], scraped);
        Assert.Equal(["alertmanager:9093"], alertmanagers);
        Assert.Equal("http://prometheus:9090", grafana);
        Assert.Equal("postgres:5432", database.Get("url").Text());
        Assert.Equal(Compose.Get("services").Get("postgres").Get("environment").Get("POSTGRES_DB").Text(), database.Get("jsonData").Get("database").Text());
        Assert.Contains(Compose.Get("services").Get("grafana").Get("environment").Entries(), e => $"${e.Key}" == database.Get("secureJsonData").Get("password").Text());
        Assert.Contains($"./grafana/dashboards:{dashboards}:ro", Compose.Get("services").Get("grafana").Get("volumes").Texts());
    }

    [GeneratedRegex("^FROM (\\S+)", RegexOptions.Multiline)]
    private static partial Regex FromLine();

    [GeneratedRegex("\\b(PoolWatch__\\w+)=")]
    private static partial Regex EnvName();

    [GeneratedRegex("\\$\\{(\\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex("^(\\$\\{[^}]*\\}|[^:]+):/")]
    private static partial Regex MountSource();
}
