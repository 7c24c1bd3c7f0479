using System.Net;
using System.Net.Sockets;

namespace PoolWatch.Tests.Support;

/// <summary>Free TCP ports of the loopback interface.</summary>
public static class Ports
{
    /// <summary>Ports that nobody listens on. They are all held until the last is found, so they differ from each other.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            return [.. listeners.Select(PortOf)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static int PortOf(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
