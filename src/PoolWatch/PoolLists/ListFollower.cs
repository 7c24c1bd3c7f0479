using System.Security.Cryptography;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Settings;

namespace PoolWatch.PoolLists;

/// <summary>How a look at a followed list ended. Names in small letters are label values.</summary>
internal enum FollowOutcome
{
    /// <summary>The list is active already.</summary>
    Unchanged,

    /// <summary>It is active now.</summary>
    Applied,

    /// <summary>It is a list, but something speaks against it.</summary>
    Refused,

    /// <summary>It could not be had, or is no list.</summary>
    Failed,
}

/// <summary>What became of a list that was to be taken over.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reasons">Sentences for people: what changed, or what speaks against it.</param>
internal sealed record FollowVerdict(FollowOutcome Outcome, IReadOnlyList<string> Reasons);

/// <summary>Follows a pool list: looks for a new one, checks it, and hands it over. Whatever is wrong with it, the active list stays.</summary>
/// <param name="settings">What is followed.</param>
/// <param name="source">Where it comes from.</param>
/// <param name="takeOver">Makes a list the active one, unless something speaks against it; null where there is no chain yet.</param>
/// <param name="count">Counts the outcomes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets each new state once.</param>
internal sealed partial class ListFollower(
    FollowSettings settings,
    ListSource source,
    Func<PoolList, CancellationToken, Task<FollowVerdict?>> takeOver,
    Action<FollowOutcome> count,
    TimeProvider time,
    ILogger<ListFollower> logger) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>A look begins a little after the schedule says, and the next must not be found too early for that.</summary>
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(1);

    private readonly string _name = settings.ToString();
    private byte[]? _hash;
    private PoolList? _list;
    private string? _fault;
    private string? _said;
    private (long Since, TimeSpan For)? _rest;

    /// <summary>Whether it is time to look again: at first, after the interval, and sooner after a failure.</summary>
    public bool IsDue => _rest is not { } rest || time.GetElapsedTime(rest.Since) >= rest.For - Shorter(Jitter, 0.1 * rest.For);

    public void Dispose() => source.Dispose();

    /// <summary>Looks once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Whatever becomes of it, a server is not asked every minute.
        var (begun, retry) = (time.GetTimestamp(), Shorter(RetryAfter, settings.Interval));
        _rest = (begun, retry);
        if (await LookAsync(cancellationToken) is not { } verdict)
        {
            _rest = null;
            return;
        }

        _rest = (begun, verdict.Outcome == FollowOutcome.Failed ? retry : settings.Interval);
        count(verdict.Outcome);
        Say(verdict);
    }

    private async Task<FollowVerdict?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await source.FetchAsync(cancellationToken) is { } content)
            {
                Read(content);
            }
        }
        catch (ListSourceException e)
        {
            return Failed(e.Message);
        }
        finally
        {
            if (_list is null)
            {
                source.Forget();
            }
        }

        return _fault is not null ? Failed(_fault) : await takeOver(_list!, cancellationToken);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static FollowVerdict Failed(string reason) => new(FollowOutcome.Failed, [reason]);

    private void Read(byte[] content)
    {
        var hash = SHA256.HashData(content);
        if (_hash is not null && hash.AsSpan().SequenceEqual(_hash))
        {
            return;
        }

        (_hash, _list, _fault) = (null, null, null);
        try
        {
            if (settings.Form is { } form)
            {
                var import = PublicPoolList.Parse(content, form).ToPoolList();
                Log.Imported(logger, import.List.Pools.Count, import.Notes.Count);
                _list = import.List;
            }
            else
            {
                _list = PoolList.Parse(content);
            }
        }
        catch (PoolListException e)
        {
            _fault = e.Errors.Count == 1 ? e.Errors[0] : $"{e.Errors[0]} (and {e.Errors.Count - 1} more)";
        }

        _hash = hash;
    }

    /// <summary>Each state once: what is wrong today will be as wrong tomorrow.</summary>
    private void Say(FollowVerdict verdict)
    {
        var said = $"{verdict.Outcome} {_list?.Version} {string.Join(' ', verdict.Reasons)}";
        if (said == _said)
        {
            return;
        }

        var reasons = string.Join(" ", verdict.Reasons);
        _said = said;
        switch (verdict.Outcome)
        {
            case FollowOutcome.Unchanged:
                Log.Unchanged(logger, _name, _list!.Version);
                break;
            case FollowOutcome.Applied:
                Log.Applied(logger, _name, _list!.Version, reasons);
                break;
            case FollowOutcome.Refused:
                Log.Refused(logger, _name, _list!.Version, reasons);
                break;
            default:
                Log.Failed(logger, _name, reasons);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The followed pool list has {Pools} pools; {Notes} of its entries are changed or left out (poolwatch pools import lists them)")]
        public static partial void Imported(ILogger logger, int pools, int notes);

        [LoggerMessage(Level = LogLevel.Information, Message = "The pool list at {Source} is the active one, {Version}")]
        public static partial void Unchanged(ILogger logger, string source, string version);

        [LoggerMessage(Level = LogLevel.Information, Message = "The new pool list at {Source}, {Version}, is active now: {Changes}")]
        public static partial void Applied(ILogger logger, string source, string version, string changes);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The new pool list at {Source}, {Version}, is not taken over: {Reasons}")]
        public static partial void Refused(ILogger logger, string source, string version, string reasons);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The pool list at {Source} can't be followed; the active list stays: {Reason}")]
        public static partial void Failed(ILogger logger, string source, string reason);
    }
}
