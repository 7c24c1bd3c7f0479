using PoolWatch.Settings;

namespace PoolWatch.PoolLists;

/// <summary>Where a pool list is followed from: a file or a web server. Remembers what it gave last.</summary>
internal abstract class ListSource : IDisposable
{
    public static ListSource Of(FollowSettings settings) => settings.Url is { } url ? new HttpListSource(url, settings.Timeout) : new FileListSource(settings.File!, settings.Timeout);

    /// <summary>What the source holds now, if that is not what it gave last.</summary>
    /// <returns>The whole text; null where nothing changed.</returns>
    /// <exception cref="ListSourceException">It can't be had, whole and within the limits; the next call asks for it anew.</exception>
    public abstract Task<byte[]?> FetchAsync(CancellationToken cancellationToken);

    /// <summary>What it gave last was of no use, perhaps because its end was lost on the way: the next call asks for it anew.</summary>
    public abstract void Forget();

    public virtual void Dispose()
    {
    }

    protected static ListSourceException TooLarge() => new($"it is larger than {PoolList.MaxBytes} bytes, the most that is read");
}

/// <summary>The source of a list gave none.</summary>
/// <param name="message">A part of a sentence that says why, without secrets.</param>
/// <param name="cause">What went wrong.</param>
internal sealed class ListSourceException(string message, Exception? cause = null) : Exception(message, cause);
