using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PoolWatch.Tests.Campaign;

/// <summary>How a connection ends.</summary>
public enum Ending
{
    /// <summary>FIN: the other side closed in order.</summary>
    Finished,

    /// <summary>RST: the other side knows nothing of this connection any more.</summary>
    Reset,
}

/// <summary>A network of one wire on the loopback interface: it carries everything, until it is told to break.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferLength = 16 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Wire, bool> _wires = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();
    private volatile bool _refuses;
    private long _answerBytesLeft = long.MaxValue;

    public TcpProxy(int targetPort)
        : this(new IPEndPoint(IPAddress.Loopback, targetPort))
    {
    }

    public TcpProxy(EndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether new connections are closed at once.</summary>
    public bool Refuses
    {
        set => _refuses = value;
    }

    /// <summary>Ends every connection that there is.</summary>
    /// <returns>How many there were.</returns>
    public int Cut(Ending ending)
    {
        var wires = _wires.Keys.ToList();
        wires.ForEach(w => w.End(ending));
        return wires.Count;
    }

    /// <summary>Carries nothing in either direction until <see cref="Resume"/>; what is sent meanwhile waits.</summary>
    public void Stall() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _open.TrySetResult();

    /// <summary>How many answers have been broken off.</summary>
    public int BrokenOff { get; private set; }

    /// <summary>Once so many more bytes have been answered, over all connections, the connection that carries the last of them is reset.</summary>
    public void CutAfter(int answerBytes) => Interlocked.Exchange(ref _answerBytesLeft, answerBytes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Resume();
        Cut(Ending.Reset);
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                carrying.Add(CarryAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using var wire = new Wire(client, server);
        if (_refuses)
        {
            wire.End(Ending.Reset);
            return;
        }

        _wires.TryAdd(wire, true);
        try
        {
            await server.ConnectAsync(_target, _stop.Token);
            await Task.WhenAny(PumpAsync(client, server, wire, isAnswer: false), PumpAsync(server, client, wire, isAnswer: true));
            wire.End(Ending.Finished);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            wire.End(Ending.Reset);
        }
        finally
        {
            _wires.TryRemove(wire, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Wire wire, bool isAnswer)
    {
        var buffer = new byte[BufferLength];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                await _open.Task.WaitAsync(_stop.Token);
                var carried = isAnswer ? Carried(read) : read;
                await to.SendAsync(buffer.AsMemory(0, carried), _stop.Token);
                if (carried < read)
                {
                    wire.End(Ending.Reset);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            wire.End(Ending.Reset);
        }
    }

    private int Carried(int read)
    {
        var left = Interlocked.Add(ref _answerBytesLeft, -read);
        if (left >= 0 || left < -read)
        {
            return read;
        }

        Interlocked.Exchange(ref _answerBytesLeft, long.MaxValue);
        BrokenOff++;
        return read + (int)left;
    }

    /// <summary>One connection: the client's socket and the one to the server.</summary>
    private sealed class Wire(Socket client, Socket server) : IDisposable
    {
        public void End(Ending ending)
        {
            foreach (var socket in new[] { client, server })
            {
                if (ending == Ending.Reset)
                {
                    socket.Close(0);
                }
                else
                {
                    socket.Close();
                }
            }
        }

        public void Dispose() => End(Ending.Finished);
    }
}
