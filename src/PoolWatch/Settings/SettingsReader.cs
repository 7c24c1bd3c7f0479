using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using PoolWatch.Core.Layers;
using PoolWatch.Storage;
using Quartz;

namespace PoolWatch.Settings;

/// <summary>Reads and checks all settings at start, collecting every error instead of stopping at the first.</summary>
internal sealed partial class SettingsReader(IConfiguration configuration)
{
    private const int HighestHeight = 100_000_000;
    private readonly List<string> _errors = [];

    /// <returns>The settings, or null and the errors.</returns>
    public static (PoolWatchSettings? Settings, IReadOnlyList<string> Errors) Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = reader.Read();
        return reader._errors.Count == 0 ? (settings, []) : (null, reader._errors);
    }

    /// <summary>What is wrong is in the errors; the settings are of use only where there are none.</summary>
    private PoolWatchSettings Read()
    {
        RefuseUnknownKeys();
        RefuseUnknownLogLevels();
        var (network, source, dataDirectory, algorithm) = (Network(), Source(), DataDirectory(), Algorithm());
        return new PoolWatchSettings
        {
            Network = network,
            Source = source,
            Node = Node(network, source, dataDirectory)!,
            FromHeight = FromHeight(),
            DataDirectory = dataDirectory,
            PostgresBinDirectory = PostgresBinDirectory(),
            Listen = Listen(),
            Algorithm = algorithm,
            PoolList = PoolList(algorithm)!,
            PoolListMaxMoved = PoolListMaxMoved(),
            Layers = Layers()!,
            Follow = new FollowSettingsReader(Text, _errors).Read(),
            Ingest = Ingest(),
            Schema = Schema(),
            Schedule = Schedule()!,
            ConnectionString = ConnectionString(),
        };
    }

    private void RefuseUnknownKeys()
    {
        var known = SettingKeys.All.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in configuration.GetSection(SettingKeys.Section).AsEnumerable())
        {
            if (value is not null && !known.Contains(key))
            {
                _errors.Add($"{key} is no setting of PoolWatch. Settings are: {string.Join(", ", SettingKeys.All)}.");
            }
        }
    }

    private void RefuseUnknownLogLevels()
    {
        foreach (var (key, value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (value is not null && key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
            {
                _errors.Add($"{key} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }

    private Network Network()
    {
        var name = Text("PoolWatch:Network") ?? Core.Bitcoin.Network.Main.Name;
        var network = Core.Bitcoin.Network.All.FirstOrDefault(n => n.Name == name);
        if (network is null)
        {
            _errors.Add($"PoolWatch:Network is '{name}'; it must be one of {string.Join(", ", Core.Bitcoin.Network.All.Select(n => n.Name))}.");
        }

        return network ?? Core.Bitcoin.Network.Main;
    }

    private SourceKind Source()
    {
        var name = Text("PoolWatch:Source") ?? "auto";
        switch (name)
        {
            case "auto": return SourceKind.Auto;
            case "rest": return SourceKind.Rest;
            case "rpc": return SourceKind.Rpc;
            case "sample": return SourceKind.Sample;
            case "nbitcoin" when BuiltSources.HasNBitcoin: return SourceKind.NBitcoin;
            case "nbitcoin":
                _errors.Add("PoolWatch:Source is 'nbitcoin', but this program was built without NBitcoin. Build with NBITCOIN=true, or use auto, rest or rpc.");
                return SourceKind.Auto;
            default:
                _errors.Add($"PoolWatch:Source is '{name}'; it must be one of auto, rest, rpc, nbitcoin, sample.");
                return SourceKind.Auto;
        }
    }

    private NodeSettings? Node(Network network, SourceKind source, string dataDirectory)
    {
        var (url, cookie) = (Text("PoolWatch:Node:Url"), Text("PoolWatch:Node:CookieFile"));
        var (user, password) = (Text("PoolWatch:Node:User"), Text("PoolWatch:Node:Password"));
        var configured = url is not null || cookie is not null || user is not null || password is not null;
        var address = NodeUrl(url ?? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{network.RpcPort}"));
        if (configured && source == SourceKind.Sample)
        {
            _errors.Add("PoolWatch:Source is 'sample' and PoolWatch:Node:* names a node: they contradict each other. Remove one of them.");
        }

        if (cookie is not null && (user is not null || password is not null))
        {
            _errors.Add("PoolWatch:Node:CookieFile and PoolWatch:Node:User/Password contradict each other. Give one way to log in.");
        }
        else if (user is null != password is null)
        {
            _errors.Add("PoolWatch:Node:User and PoolWatch:Node:Password belong together; only one of them is set.");
        }

        if (cookie is not null && !File.Exists(cookie) && (Directory.Exists(cookie) || !MayAppear(cookie, dataDirectory)))
        {
            _errors.Add($"PoolWatch:Node:CookieFile is '{cookie}': there is no such file. A node with RPC on writes .cookie into its "
                + "data folder while it runs.");
        }

        return address is null ? null : new NodeSettings
        {
            Url = address,
            CookieFile = user is null ? cookie ?? DefaultCookieFile(network) : null,
            User = user,
            Password = password,
            Configured = configured || source is SourceKind.Rest or SourceKind.Rpc or SourceKind.NBitcoin,
        };
    }

    private Uri? NodeUrl(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Port > 0 && url.UserInfo.Length == 0)
        {
            return url;
        }

        // The text is left out: people write passwords into URLs.
        _errors.Add("PoolWatch:Node:Url must look like http://127.0.0.1:8332: http or https, a port of 1 to 65535, no user or password in it.");
        return null;
    }

    /// <summary>
    /// A node that is stopped for a while has no cookie, and must not keep an installation that already serves from starting again: its state
    /// says what is missing. Where nothing was ever stored, a missing cookie is a mistake in the setting.
    /// </summary>
    private bool MayAppear(string cookie, string dataDirectory) =>
        Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(cookie)))
        && (Text(SettingKeys.ConnectionString) is not null || Directory.Exists(PrivatePostgres.DataFolder(dataDirectory)));

    private static string DefaultCookieFile(Network network)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "Bitcoin")
            : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Bitcoin")
            : Path.Combine(home, ".bitcoin");
        return Path.Combine(folder, network.DataFolder, ".cookie");
    }

    private int FromHeight()
    {
        var text = Text("PoolWatch:FromHeight") ?? "0";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var height) && height <= HighestHeight)
        {
            return height;
        }

        _errors.Add($"PoolWatch:FromHeight is '{text}'; it must be a height, 0 to {HighestHeight}.");
        return 0;
    }

    private string DataDirectory()
    {
        var root = OperatingSystem.IsLinux() && Environment.UserName == "root"
            ? "/var/lib"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var path = Path.GetFullPath(Text("PoolWatch:DataDirectory") ?? Path.Combine(root, "poolwatch"));
        if (File.Exists(path))
        {
            _errors.Add($"PoolWatch:DataDirectory is '{path}', which is a file. It must be a folder, or not exist yet.");
        }

        return path;
    }

    private string? PostgresBinDirectory()
    {
        var path = Text("PoolWatch:Postgres:BinDirectory");
        if (path is not null && !File.Exists(Path.Combine(path, "postgres")))
        {
            _errors.Add($"PoolWatch:Postgres:BinDirectory is '{path}', which has no program 'postgres' in it.");
        }

        return path;
    }

    private string Listen()
    {
        var text = Text("PoolWatch:Listen") ?? "http://127.0.0.1:8080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !CanListen(url))
        {
            // The text is left out: people write passwords into URLs.
            _errors.Add("PoolWatch:Listen must look like http://127.0.0.1:8080: http, an IP address or localhost, "
                + "a port of 0 to 65535 (0: any free one, not with localhost), and nothing behind it.");
        }

        return text;
    }

    /// <summary>A host name that is no address of this machine would make the web server listen on all of them.</summary>
    private static bool CanListen(Uri url) =>
        url.Scheme == "http" && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
        && (IPAddress.TryParse(url.Host.Trim('[', ']'), out _) || (url.Host == "localhost" && url.Port != 0));

    private string Algorithm()
    {
        var name = Text("PoolWatch:Algorithm") ?? PoolAttributor.DefaultAlgorithm;
        if (!PoolAttributor.Algorithms.Contains(name))
        {
            _errors.Add($"PoolWatch:Algorithm is '{name}'; it must be one of {string.Join(", ", PoolAttributor.Algorithms)}.");
        }

        return name;
    }

    private PoolList? PoolList(string algorithm)
    {
        var path = Text("PoolWatch:PoolList");
        try
        {
            if (path is null)
            {
                return Core.Pools.PoolList.LoadBundled();
            }

            using var stream = File.OpenRead(path);
            var list = Core.Pools.PoolList.Parse(stream);
            if (PoolAttributor.Algorithms.Contains(algorithm))
            {
                // Names the tags that the rule can't use.
                _ = PoolAttributor.Create(algorithm, list);
            }

            return list;
        }
        catch (PoolListException e)
        {
            _errors.AddRange(e.Errors.Select(error => $"PoolWatch:PoolList '{path}': {error}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"PoolWatch:PoolList '{path}' can't be read: {e.Message}");
        }

        return null;
    }

    private double PoolListMaxMoved()
    {
        var text = Text("PoolWatch:PoolListMaxMoved") ?? "0.05";
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1)
        {
            return share;
        }

        _errors.Add($"PoolWatch:PoolListMaxMoved is '{text}'; it must be a share, 0 to 1, such as 0.05.");
        return 0;
    }

    private LayerSet? Layers()
    {
        var path = Text("PoolWatch:Layers");
        try
        {
            if (path is null)
            {
                return LayerSet.LoadBundled();
            }

            using var file = File.OpenRead(path);
            return LayerSet.Parse(file);
        }
        catch (LayerSetException e)
        {
            _errors.AddRange(e.Errors.Select(error => $"PoolWatch:Layers '{path}': {error}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"PoolWatch:Layers '{path}' can't be read: {e.Message}");
        }

        return null;
    }

    private bool Ingest()
    {
        var text = Text("PoolWatch:Ingest") ?? "true";
        if (!bool.TryParse(text, out var ingest))
        {
            _errors.Add($"PoolWatch:Ingest is '{text}'; it must be true or false.");
        }

        return ingest;
    }

    private string? Schema()
    {
        var text = Text("PoolWatch:Schema");
        if (text is not null && (!SchemaName().IsMatch(text) || text.StartsWith("pg_", StringComparison.Ordinal)))
        {
            _errors.Add($"PoolWatch:Schema is '{text}'; it must be 1 to 48 of a-z, 0-9 and _, begin with a letter and not with pg_.");
        }

        return text;
    }

    private SyncSchedule? Schedule()
    {
        var text = Text("PoolWatch:Schedule") ?? "10s";
        if (IntervalText().Match(text) is { Success: true } match)
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var interval = match.Groups[2].Value switch
            {
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                _ => TimeSpan.FromHours(number),
            };
            if (interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromHours(24))
            {
                return new SyncSchedule(interval, null);
            }
        }
        else if (CronExpression.TryParse(text, out var cron) && cron.GetNextValidTimeAfter(TimeProvider.System.GetUtcNow()) is not null)
        {
            return new SyncSchedule(null, text);
        }

        _errors.Add($"PoolWatch:Schedule is '{text}'; it must be an interval of 1s to 24h such as 10s, 5m, 1h, or a Quartz cron "
            + "expression that comes due, such as '0/30 * * * * ?'.");
        return null;
    }

    private string? ConnectionString()
    {
        var text = Text(SettingKeys.ConnectionString);
        if (text is null)
        {
            return null;
        }

        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
            {
                _errors.Add($"{SettingKeys.ConnectionString} names no host. It must look like "
                    + "Host=db;Database=poolwatch;Username=poolwatch;Password=…");
            }

            if (builder.Port is < 1 or > IPEndPoint.MaxPort)
            {
                _errors.Add($"{SettingKeys.ConnectionString} names port {builder.Port}; a port is 1 to {IPEndPoint.MaxPort}.");
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Neither the text nor the message is shown: both can hold the password.
            _errors.Add($"{SettingKeys.ConnectionString} can't be read. It must look like Host=db;Database=poolwatch;Username=poolwatch;Password=…");
        }

        return text;
    }

    /// <summary>An empty value counts as not set, as compose files write it.</summary>
    private string? Text(string key) => configuration[key] is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,47}\z")]
    private static partial Regex SchemaName();

    [GeneratedRegex("^([0-9]{1,5})(s|m|h)$")]
    private static partial Regex IntervalText();
}
