using System.Net.Sockets;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>The database once it is there: one schema of it, which holds one chain.</summary>
internal sealed class Database : IAsyncDisposable
{
    private volatile NpgsqlDataSource? _source;
    private string _connectionString = "";

    /// <summary>Schema of the chain; also the channel on which its changes are announced.</summary>
    public string Schema { get; private set; } = "";

    /// <summary>Whoever asks over REST is told soon that the database hangs.</summary>
    private const int QuerySeconds = 5;

    public bool IsOpen => _source is not null;

    /// <exception cref="DatabaseUnavailableException">Not opened yet.</exception>
    public NpgsqlDataSource Source => _source ?? throw new DatabaseUnavailableException("The database is still starting.");

    public void Open(string connectionString, string schema)
    {
        Schema = schema;
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, ApplicationName = "poolwatch" }.ConnectionString;
        _source = NpgsqlDataSource.Create(_connectionString);
    }

    /// <summary>A question that somebody waits for.</summary>
    public NpgsqlCommand CreateQuery(string sql)
    {
        var command = Source.CreateCommand(sql);
        command.CommandTimeout = QuerySeconds;
        return command;
    }

    /// <summary>A connection outside of the pool, for what lives as long as its connection: a lock, a subscription.</summary>
    public async Task<NpgsqlConnection> OpenUnpooledAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Pooling = false,
            KeepAlive = 5,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes the connections that wait in the pool: after the server ended one of our sessions the others are probably gone too.</summary>
    public void ForgetIdleConnections() => _source?.Clear();

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    /// <summary>Whether an exception is how a stop ends what is under way: it was cancelled, or what it uses is not there any more. That is no fault.</summary>
    public static bool IsStop(Exception exception, CancellationToken stopping) =>
        stopping.IsCancellationRequested && (exception is OperationCanceledException or ObjectDisposedException || IsOutage(exception));

    /// <summary>Whether the server ended a session by itself; it may well accept the next.</summary>
    public static bool IsEndOfSession(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown };

    /// <summary>Whether an exception says that the server is away, as against a mistake of ours.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,
        DatabaseSetupException => false,
        // Class 57P: the administrator or a crash ended the connection; 53: no room, too many connections; 08: connection lost.
        PostgresException e => e.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal)
            || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        // A name that does not resolve and a slow connection come as they are.
        NpgsqlException or SocketException or TimeoutException or IOException => true,
        _ => exception.InnerException is { } inner && IsOutage(inner),
    };
}

/// <summary>What an operator reads about a database that can't be used.</summary>
internal static class DatabaseOutage
{
    private const string WhatToDo = "What was read before is still served, and PoolWatch tries again by itself. Look at the server and its disk, and at "
        + "ConnectionStrings:PoolWatch; the private PostgreSQL has its log in <data folder>/postgres/log.";

    /// <summary>The server's or the network's own words, and what to do. They name user, host and database, never a password.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException e => $"The database refuses: {e.MessageText.TrimEnd('.')} (SQLSTATE {e.SqlState}). {WhatToDo}",
        NpgsqlException { InnerException: PostgresException e } => Describe(e),
        _ => $"The database {(Database.IsOutage(exception) ? "does not answer" : "can't be read")}: {(exception.InnerException ?? exception).Message.TrimEnd('.')}. {WhatToDo}",
    };
}

/// <summary>There is no database at the moment.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
