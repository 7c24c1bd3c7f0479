using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>
/// A PostgreSQL server of our own in the data folder, reached over a unix socket that only its user and root may enter.
/// The process that holds the lock file runs it, others attach; it stops with its owner, kill -9 included.
/// </summary>
internal sealed partial class PrivatePostgres(string dataDirectory, string? binDirectory, TimeProvider time, ILogger<PrivatePostgres> logger) : IAsyncDisposable
{
    private const string User = "poolwatch";
    private const string DatabaseName = "poolwatch";
    private const string Unfinished = "postgres.unfinished-";
    private const int MostLastWords = 20;

    /// <summary>EWOULDBLOCK: another process holds the lock file.</summary>
    private const int LockedByOther = 11;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FastStopTimeout = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan AtOnceTimeout = TimeSpan.FromMilliseconds(150);

    private readonly string _data = DataFolder(dataDirectory);
    private readonly string _sockets = Path.Combine(dataDirectory, "run");
    private FileStream? _lock;
    private PostgresPrograms? _programs;
    private readonly ConcurrentQueue<string> _lastWords = new();
    private Process? _server;
    private bool _attached;

    /// <summary>Where the database of a data folder is, once there is one.</summary>
    public static string DataFolder(string dataDirectory) => Path.Combine(dataDirectory, "postgres");

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = _sockets,
        Username = User,
        Database = DatabaseName,
    }.ConnectionString;

    /// <summary>Starts the server, or attaches to the one that another process runs; does nothing while ours runs.</summary>
    /// <exception cref="DatabaseSetupException">There is no server and none can be started.</exception>
    public async Task EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (_server is { HasExited: false })
        {
            return;
        }

        if (_lock is null && !TryLock())
        {
            if (!_attached)
            {
                Log.Attached(logger, dataDirectory);
            }

            _attached = true;
            return;
        }

        if (_server is not null)
        {
            Log.Died(logger, _server.ExitCode, Path.Combine(_data, "log"));
        }

        RefuseDeepFolder(dataDirectory);
        _programs = PostgresPrograms.Find(binDirectory);
        await CreateClusterAsync(_programs, cancellationToken);
        await WaitForFormerServerAsync(cancellationToken);
        _server?.Dispose();
        _server = StartServer(_programs);
        await WaitUntilReadyAsync(_server, cancellationToken);
        Log.Started(logger, _data);
    }

    public async ValueTask DisposeAsync() => await StopAsync(FastStopTimeout);

    /// <summary>Ends the server if it is ours: in order within a limit, otherwise at once. Nothing committed is lost either way.</summary>
    public async Task StopAsync(TimeSpan inOrder)
    {
        var server = _server;
        _server = null;
        if (server is { HasExited: false } && _programs is not null)
        {
            await StopAsync(_programs, server, inOrder);
        }

        server?.Dispose();
        _lock?.Dispose();
    }

    private async Task StopAsync(PostgresPrograms programs, Process server, TimeSpan inOrder)
    {
        using var limit = new CancellationTokenSource(inOrder, time);
        try
        {
            await programs.RunAsync("pg_ctl", ["stop", "--no-wait", "-D", _data, "-m", "fast"], limit.Token);
            await server.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or DatabaseSetupException)
        {
            if (!server.HasExited)
            {
                await StopAtOnceAsync(programs, server);
            }
        }
    }

    private async Task StopAtOnceAsync(PostgresPrograms programs, Process server)
    {
        Log.StoppingAtOnce(logger);
        using var limit = new CancellationTokenSource(AtOnceTimeout, time);
        try
        {
            await programs.RunAsync("pg_ctl", ["stop", "--no-wait", "-D", _data, "-m", "immediate"], limit.Token);
            await server.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or DatabaseSetupException)
        {
            // It may have ended between the question and the command; if not, this is what a power cut would do, and the log is replayed.
            PostgresPrograms.KillWithChildren(server);
        }
    }

    private bool TryLock()
    {
        try
        {
            Directory.CreateDirectory(dataDirectory);
            _lock = new FileStream(Path.Combine(dataDirectory, "poolwatch.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException e) when (e.HResult == LockedByOther)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseSetupException($"PoolWatch:DataDirectory '{dataDirectory}' can't be written: {e.Message}", e);
        }
    }

    /// <summary>Made beside its final place and renamed, so that an interrupted first start leaves nothing half-made.</summary>
    private async Task CreateClusterAsync(PostgresPrograms programs, CancellationToken cancellationToken)
    {
        await CreateFolderAsync(_sockets, cancellationToken);
        if (File.Exists(Path.Combine(_data, "PG_VERSION")))
        {
            return;
        }

        if (Directory.Exists(_data))
        {
            throw new DatabaseSetupException($"'{_data}' exists but holds no PostgreSQL database. Move it away, or choose another PoolWatch:DataDirectory.");
        }

        RemoveUnfinished();
        var unfinished = Path.Combine(dataDirectory, $"{Unfinished}{Environment.ProcessId}");
        await CreateFolderAsync(unfinished, cancellationToken);
        await programs.RunAsync("initdb", ["-D", unfinished, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C"], cancellationToken);
        Directory.Move(unfinished, _data);
    }

    private void RemoveUnfinished()
    {
        foreach (var folder in Directory.GetDirectories(dataDirectory, $"{Unfinished}*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException e)
            {
                // After kill -9 of our predecessor its initdb may still write there; a later start finds it quiet.
                Log.UnfinishedStays(logger, folder, e.Message);
            }
        }
    }

    /// <summary>After kill -9 of our predecessor its server is still stopping for a moment; a second one would refuse to start.</summary>
    private async Task WaitForFormerServerAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (FormerServerRuns() && time.GetElapsedTime(start) < StartTimeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    private bool FormerServerRuns()
    {
        try
        {
            var process = File.ReadLines(Path.Combine(_data, "postmaster.pid")).FirstOrDefault();
            return File.ReadAllText($"/proc/{process}/comm").Trim() == "postgres";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task CreateFolderAsync(string path, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException();
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (PostgresPrograms.RunsAsPostgresUser)
        {
            await PostgresPrograms.RunAsync(new ProcessStartInfo("setsid", ["chown", "postgres:postgres", path]), cancellationToken);
        }
    }

    private Process StartServer(PostgresPrograms programs)
    {
        var command = programs.Command("postgres", diesWithUs: true,
            "-D", _data, "-k", _sockets,
            "-c", "listen_addresses=", "-c", "max_connections=50", "-c", "unix_socket_permissions=0700",
            "-c", "logging_collector=on", "-c", "log_directory=log", "-c", "log_filename=postgresql-%a.log",
            "-c", "log_truncate_on_rotation=on", "-c", "log_rotation_age=1d", "-c", "max_wal_size=2GB");
        var started = new TaskCompletionSource<Process>();
        _lastWords.Clear();

        // The kernel ties "dies with its parent" to the thread that started the child, so that thread must live as long as the server.
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(command)!;
                process.ErrorDataReceived += (_, line) => KeepLastWords(line.Data);
                process.BeginErrorReadLine();
                process.BeginOutputReadLine();
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.TrySetException(new DatabaseSetupException($"PostgreSQL can't be started: {e.Message}", e));
            }
        })
        { IsBackground = true, Name = "private PostgreSQL" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>What the server says before its log begins, such as that the data are of another version of PostgreSQL.</summary>
    private void KeepLastWords(string? line)
    {
        if (line is not null && _lastWords.Count < MostLastWords)
        {
            _lastWords.Enqueue(line);
        }
    }

    private async Task WaitUntilReadyAsync(Process server, CancellationToken cancellationToken)
    {
        var administration = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;
        // A clock that is set meanwhile is no reason to give up.
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(administration);
                await connection.OpenAsync(cancellationToken);
                await CreateDatabaseAsync(connection, cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!server.HasExited && time.GetElapsedTime(start) < StartTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
            catch (NpgsqlException e)
            {
                throw new DatabaseSetupException($"The private PostgreSQL in '{_data}' does not start: {string.Join(' ', _lastWords)} "
                    + $"Its log is in '{Path.Combine(_data, "log")}'; "
                    + "docs/operations.md says what to do about another version of PostgreSQL.", e);
            }
        }
    }

    private static async Task CreateDatabaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection) { Parameters = { new() { Value = DatabaseName } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {DatabaseName}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A socket's whole path may have 107 bytes. A folder elsewhere would have to be guarded against other users.</summary>
    private static void RefuseDeepFolder(string dataDirectory)
    {
        const int LongestFolder = 107 - 4 - 16;
        if (System.Text.Encoding.UTF8.GetByteCount(dataDirectory) > LongestFolder)
        {
            throw new DatabaseSetupException($"PoolWatch:DataDirectory '{dataDirectory}' has a path of more than {LongestFolder} "
                + "bytes, too long for a database socket in it. Choose a shorter one.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL runs in {Folder}")]
        public static partial void Started(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Information, Message = "Another PoolWatch process runs the private PostgreSQL in {Folder}; using it")]
        public static partial void Attached(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The private PostgreSQL ended by itself with code {ExitCode}; starting it again. "
            + "Its log in {Folder} says why")]
        public static partial void Died(ILogger logger, int exitCode, string folder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The unfinished database folder {Folder} can't be removed yet, a later start does it: {Reason}")]
        public static partial void UnfinishedStays(ILogger logger, string folder, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL did not stop in time and is stopped at once; the next start replays its log")]
        public static partial void StoppingAtOnce(ILogger logger);
    }
}
