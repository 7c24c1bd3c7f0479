using System.Net;
using System.Net.Sockets;

namespace PoolWatch.Tests.Support;

/// <summary>
/// Free TCP ports of the loopback interface, below those that the system gives to connections and to whoever asks for any port (32768 and up on Linux): between
/// choosing a port there and a program's listening on it, another test's connection may have taken it.
/// </summary>
public static class Ports
{
    private const int First = 20_000;
    private const int Last = 31_999;

    /// <summary>From anywhere in the range on: another test process may run beside this one.</summary>
    private static int _given = Random.Shared.Next(Last - First + 1);

    /// <summary>Ports that nobody listens on. Within 12,000 of them none is given twice.</summary>
    public static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    private static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _given) % (Last - First + 1));
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
