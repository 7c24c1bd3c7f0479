using System.Globalization;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>
/// A PostgreSQL server made by the environment of docker-compose.yml's service in the way of its image's entry point: the user by initdb with the
/// password, scram over TCP, the database. On loopback and a port of its own.
/// </summary>
internal sealed class ComposePostgres : IAsyncDisposable
{
    private readonly OpenDirectory _directory;
    private readonly ChildProcess _process;

    private ComposePostgres(OpenDirectory directory, ChildProcess process, int port) => (_directory, _process, Port) = (directory, process, port);

    public int Port { get; }

    public static async Task<ComposePostgres> StartAsync(ComposeService service)
    {
        var (directory, port, environment) = (new OpenDirectory(), Ports.Free(1)[0], service.Environment);
        var (data, password) = (Path.Combine(directory.Path, "data"), Path.Combine(directory.Path, "password"));
        await File.WriteAllTextAsync(password, environment["POSTGRES_PASSWORD"], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(data);
        if (PostgresPrograms.RunsAsPostgresUser)
        {
            await PostgresProgram.RunAsync("chown postgres: \"$data\" \"$password\"", ("data", data), ("password", password));
        }

        var programs = PostgresPrograms.Find(null);
        await programs.RunAsync(
            "initdb", ["-D", data, $"--username={environment["POSTGRES_USER"]}", $"--pwfile={password}", "--auth-local=trust", "--auth-host=scram-sha-256"],
            TestContext.Current.CancellationToken);
        var command = programs.Command(
            "postgres", diesWithUs: true, "-D", data, "-k", data, "-c", "listen_addresses=127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture));
        var server = new ComposePostgres(directory, await ChildProcess.StartAsync(command.FileName, command.ArgumentList), port);
        await server.CreateDatabaseAsync(data, environment);
        await server.RunInitScriptsAsync(data, service);
        return server;
    }

    /// <summary>The health check's command with the port added, until it succeeds.</summary>
    public async Task WaitUntilHealthyAsync(IReadOnlyList<string> healthCheck)
    {
        var command = string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', healthCheck)} -p {Port}");
        await PostgresProgram.RunAsync($"for i in {{1..200}}; do {command} >&2 && exit 0; sleep 0.05; done; exit 1");
    }

    private async Task CreateDatabaseAsync(string data, IReadOnlyDictionary<string, string> environment) => await PostgresProgram.RunAsync(
        "for i in {1..200}; do pg_isready -q -h \"$data\" -p \"$port\" && break; sleep 0.05; done; createdb -h \"$data\" -p \"$port\" -U \"$user\" \"$name\"",
        ("data", data), ("port", Port.ToString(CultureInfo.InvariantCulture)), ("user", environment["POSTGRES_USER"]), ("name", environment["POSTGRES_DB"]));

    /// <summary>The entry point runs each script of the folder that is mounted for it, over the socket and with the service's environment.</summary>
    private async Task RunInitScriptsAsync(string data, ComposeService service)
    {
        var mount = Yaml.Load("docker-compose.yml").Get("services").Get("postgres").Get("volumes").Texts().Single(v => v.Contains(":/docker-entrypoint-initdb.d", StringComparison.Ordinal));
        (string, string)[] environment = [.. service.Environment.Select(e => (e.Key, e.Value)), ("PGHOST", data), ("PGPORT", Port.ToString(CultureInfo.InvariantCulture))];
        foreach (var script in Repository.Files(mount.Split(':')[0][2..], "*.sh"))
        {
            await PostgresProgram.RunAsync("sh \"$script\"", [.. environment, ("script", Repository.PathOf(script))]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
