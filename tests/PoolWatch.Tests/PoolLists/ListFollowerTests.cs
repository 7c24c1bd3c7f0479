using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.PoolLists;
using PoolWatch.Settings;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>Following a list from a real web server that does everything that web servers do.</summary>
public sealed class ListFollowerTests : IAsyncDisposable
{
    private static readonly byte[] List = """{"format":"poolwatch-pool-list/1","pools":[{"slug":"a","name":"A","tags":[{"text":"/alpha/"}]}]}"""u8.ToArray();

    private readonly List<IHeaderDictionary> _requests = [];
    private readonly List<string> _taken = [];
    private readonly List<FollowOutcome> _outcomes = [];
    private readonly LogLines<ListFollower> _log = new();
    private readonly SettableClock _clock = new();
    private readonly LoopbackServer _server;
    private RequestDelegate _answer;
    private FollowVerdict _verdict = new(FollowOutcome.Applied, ["one tag more"]);

    public ListFollowerTests()
    {
        _answer = SendAsync;
        _server = new LoopbackServer(context =>
        {
            _requests.Add(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            return _answer(context);
        });
        _server.Start();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_good_list_is_handed_over_and_not_sent_again_while_it_stays_the_same()
    {
        using var follower = Follow();
        await RunAsync(follower);
        _verdict = new FollowVerdict(FollowOutcome.Unchanged, []);
        _answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        };

        await RunAsync(follower);

        var version = PoolList.Parse(List).Version;
        Assert.Equal([version, version], _taken);
        Assert.Equal([FollowOutcome.Applied, FollowOutcome.Unchanged], _outcomes);
        Assert.Equal(("", "\"one\"", "Sun, 06 Nov 1994 08:49:37 GMT"), ($"{_requests[0].IfNoneMatch}", $"{_requests[1].IfNoneMatch}", $"{_requests[1].IfModifiedSince}"));
        Assert.Equal("identity", $"{_requests[0].AcceptEncoding}");
        Assert.Contains($"{version}, is active now: one tag more", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_list_is_imported()
    {
        _answer = context => context.Response.WriteAsync(PublicPoolList.LoadBundled(PublicListKind.Mempool).ToJson());
        using var follower = Follow(form: PublicListKind.Mempool);

        await RunAsync(follower);

        Assert.Equal([PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().List.Version], _taken);
        Assert.Contains("168 pools; 9 of its entries", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("500", "the server answered HTTP 500")]
    [InlineData("404", "the server answered HTTP 404")]
    [InlineData("not modified without having been asked", "the server answered HTTP 304")]
    [InlineData("length and less", "the transfer failed")]
    [InlineData("chunks and an end", "the transfer failed")]
    [InlineData("too long by its length", "it is larger than 16777216 bytes")]
    [InlineData("too long without a length", "it is larger than 16777216 bytes")]
    [InlineData("a byte now and then", "it did not arrive within 1 s")]
    [InlineData("silence", "it did not arrive within 1 s")]
    [InlineData("half a list, as if it were whole", "The list is no JSON")]
    [InlineData("a web page", "The list is no JSON")]
    [InlineData("a list with two errors", "slug has to be 1 to 64 small letters a-z and digits, and not \"unknown\". (and 1 more)")]
    [InlineData("packed", "packed it, which was not asked for")]
    [InlineData("to another scheme", "redirects to where a list is not taken from")]
    [InlineData("to a user", "redirects to where a list is not taken from")]
    [InlineData("in circles", "redirected more than 5 times")]
    public async Task A_broken_list_is_kept_out_and_said_once(string fault, string said)
    {
        _answer = context => FailAsync(context, fault);
        using var follower = Follow(timeout: said.EndsWith("within 1 s", StringComparison.Ordinal) ? 1 : 30);

        await follower.RunAsync(TestContext.Current.CancellationToken);
        await follower.RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(_taken);
        Assert.Equal([FollowOutcome.Failed, FollowOutcome.Failed], _outcomes);
        var line = Assert.Single(_log.Lines);
        Assert.StartsWith($"The pool list at {_server.Url}list.json can't be followed; the active list stays: ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_good_list_goes_on_to_count_while_the_source_is_broken()
    {
        using var follower = Follow();
        await RunAsync(follower);
        _answer = context => FailAsync(context, "500");
        await RunAsync(follower);
        _answer = SendAsync;
        await RunAsync(follower);

        Assert.Equal([FollowOutcome.Applied, FollowOutcome.Failed, FollowOutcome.Applied], _outcomes);
        Assert.Equal(2, _taken.Count);
        Assert.Equal(3, _log.Lines.Count);
    }

    /// <summary>A body that ends with the connection looks whole wherever it ends.</summary>
    [Fact]
    public async Task A_list_whose_end_was_lost_is_asked_for_anew_until_it_is_whole()
    {
        var length = List.Length / 2;
        _answer = async context =>
        {
            context.Response.Headers.ETag = "\"one\"";
            if (context.Request.Headers.IfNoneMatch.Count > 0)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await context.Response.Body.WriteAsync(List.AsMemory(0, length));
        };
        using var follower = Follow();
        await RunAsync(follower);
        await RunAsync(follower);
        length = List.Length;
        await RunAsync(follower);
        await RunAsync(follower);

        Assert.Equal([FollowOutcome.Failed, FollowOutcome.Failed, FollowOutcome.Applied, FollowOutcome.Applied], _outcomes);
        Assert.Equal(["", "", "", "\"one\""], _requests.Select(request => $"{request.IfNoneMatch}"));
    }

    [Fact]
    public async Task A_redirect_within_the_web_is_followed()
    {
        _answer = context =>
        {
            if (context.Request.Path == "/list.json")
            {
                context.Response.Redirect("/elsewhere.json");
                return Task.CompletedTask;
            }

            return SendAsync(context);
        };
        using var follower = Follow();

        await RunAsync(follower);

        Assert.Equal([FollowOutcome.Applied], _outcomes);
    }

    [Fact]
    public async Task A_refused_list_is_said_once_for_each_content()
    {
        _verdict = new FollowVerdict(FollowOutcome.Refused, ["12 % of the last 2016 blocks would move."]);
        using var follower = Follow();

        await RunAsync(follower);
        await RunAsync(follower);
        _answer = context => context.Response.WriteAsync("""{"format":"poolwatch-pool-list/1","pools":[]}""");
        await RunAsync(follower);

        Assert.Equal(2, _log.Lines.Count(line => line.EndsWith("is not taken over: 12 % of the last 2016 blocks would move.", StringComparison.Ordinal)));
        Assert.Equal(3, _taken.Count);
    }

    [Fact]
    public async Task After_a_failure_it_looks_again_sooner_and_before_the_first_block_at_once()
    {
        using var follower = Follow();
        Assert.True(follower.IsDue);
        await follower.RunAsync(TestContext.Current.CancellationToken);
        _clock.Now += TimeSpan.FromMinutes(1439);
        Assert.False(follower.IsDue);
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(follower.IsDue);

        _answer = context => FailAsync(context, "500");
        await follower.RunAsync(TestContext.Current.CancellationToken);
        _clock.Now += TimeSpan.FromMinutes(9);
        Assert.False(follower.IsDue);
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(follower.IsDue);

        _answer = SendAsync;
        using var early = Follow(noChain: true);
        await early.RunAsync(TestContext.Current.CancellationToken);
        Assert.True(early.IsDue);
        Assert.Equal([FollowOutcome.Applied, FollowOutcome.Failed], _outcomes);
    }

    [Fact]
    public async Task A_server_that_is_away_is_a_failure_that_shows_no_query()
    {
        using var follower = Follow(query: "?token=hunter2");
        await _server.DisposeAsync();

        await RunAsync(follower);

        Assert.Equal([FollowOutcome.Failed], _outcomes);
        Assert.Contains("/list.json can't be followed", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_wants_another_password_is_a_failure_that_shows_none()
    {
        _answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status407ProxyAuthenticationRequired;
            return Task.CompletedTask;
        };
        var proxy = new WebProxy(new UriBuilder(_server.Url) { UserName = "user", Password = "hunter2" }.Uri);
        using var source = new HttpListSource(new Uri("https://lists.example/list.json"), TimeSpan.FromSeconds(30), proxy);

        var failure = await Assert.ThrowsAsync<ListSourceException>(() => source.FetchAsync(TestContext.Current.CancellationToken));

        Assert.Equal("the transfer failed: ProxyTunnelError, HTTP 407", failure.Message);
        Assert.Contains("hunter2", failure.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_read_when_it_changed()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "list.json");
        using var source = new FileListSource(path, TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<ListSourceException>(() => source.FetchAsync(TestContext.Current.CancellationToken));

        await File.WriteAllBytesAsync(path, List, TestContext.Current.CancellationToken);
        Assert.Equal(List, await source.FetchAsync(TestContext.Current.CancellationToken));
        Assert.Null(await source.FetchAsync(TestContext.Current.CancellationToken));

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal(List, await source.FetchAsync(TestContext.Current.CancellationToken));
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(100 << 20);
        }

        Assert.Contains("larger than", (await Assert.ThrowsAsync<ListSourceException>(() => source.FetchAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_no_list_and_nobody_waits_for_who_writes_into_it()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "list.json");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [path]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, mkfifo.ExitCode);
        }

        using var source = new FileListSource(path, TimeSpan.FromSeconds(5));

        Assert.Contains("pipe", (await Assert.ThrowsAsync<ListSourceException>(() => source.FetchAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_takes_longer_than_the_timeout_is_a_failure()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "list.json");
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(PoolList.MaxBytes);
        }

        using var source = new FileListSource(path, TimeSpan.Zero);

        Assert.Contains("within 0 s", (await Assert.ThrowsAsync<ListSourceException>(() => source.FetchAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_file_is_read_when_the_file_changed()
    {
        using var directory = new TemporaryDirectory();
        var (path, link) = (Path.Combine(directory.Path, "list.json"), Path.Combine(directory.Path, "link.json"));
        await File.WriteAllBytesAsync(path, List, TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, path);
        using var source = new FileListSource(link, TimeSpan.FromSeconds(30));

        Assert.Equal(List, await source.FetchAsync(TestContext.Current.CancellationToken));
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal(List, await source.FetchAsync(TestContext.Current.CancellationToken));
    }

    private static async Task SendAsync(HttpContext context)
    {
        context.Response.Headers.ETag = "\"one\"";
        context.Response.Headers.LastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
        context.Response.ContentLength = List.Length;
        await context.Response.Body.WriteAsync(List);
    }

    private static async Task FailAsync(HttpContext context, string fault)
    {
        var response = context.Response;
        switch (fault)
        {
            case "500" or "404" or "not modified without having been asked":
                response.StatusCode = fault == "500" ? 500 : fault == "404" ? 404 : 304;
                break;
            case "length and less" or "chunks and an end":
                response.ContentLength = fault == "length and less" ? List.Length : null;
                await response.Body.WriteAsync(List.AsMemory(0, 40));
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case "too long by its length":
                response.ContentLength = long.MaxValue;
                await SendBlanksWithoutEndAsync(context);
                break;
            case "too long without a length":
                await SendBlanksWithoutEndAsync(context);
                break;
            case "a byte now and then":
                foreach (var one in List)
                {
                    await response.Body.WriteAsync(new[] { one });
                    await response.Body.FlushAsync();
                    await Task.Delay(100, context.RequestAborted);
                }

                break;
            case "silence":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case "half a list, as if it were whole":
                await response.Body.WriteAsync(List.AsMemory(0, List.Length / 2));
                break;
            case "a web page":
                await response.WriteAsync("<html>Not here</html>");
                break;
            case "a list with two errors":
                await response.WriteAsync("""{"format":"poolwatch-pool-list/1","pools":[{"slug":"A B","name":""}]}""");
                break;
            case "packed":
                response.Headers.ContentEncoding = "gzip";
                await response.Body.WriteAsync(List);
                break;
            default:
                response.Redirect(fault == "to another scheme" ? "file:///etc/passwd" : fault == "to a user" ? "http://user:hunter2@127.0.0.1/" : "/list.json");
                break;
        }
    }

    private static async Task SendBlanksWithoutEndAsync(HttpContext context)
    {
        var blanks = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
        }
    }

    private ListFollower Follow(PublicListKind? form = null, int timeout = 30, bool noChain = false, string query = "")
    {
        var url = new Uri(_server.Url, $"list.json{query}");
        var settings = new FollowSettings { Url = url, File = null, Form = form, Interval = TimeSpan.FromDays(1), Timeout = TimeSpan.FromSeconds(timeout) };
        return new ListFollower(
            settings, new HttpListSource(url, settings.Timeout), (list, _) =>
            {
                _taken.Add(list.Version);
                return Task.FromResult(noChain ? null : _verdict);
            }, _outcomes.Add, _clock, _log);
    }

    private static Task RunAsync(ListFollower follower) => follower.RunAsync(TestContext.Current.CancellationToken);

    private sealed class SettableClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
