using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PoolWatch;

/// <summary>The address at which the web server really listens: the configured port may be 0.</summary>
internal sealed class WebAddress(IServer server)
{
    /// <returns>Why nothing can listen at an address, before anything else was started for it; null where it is free.</returns>
    public static string? WhyNotFree(string url)
    {
        var address = new Uri(url);
        try
        {
            var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) ? parsed : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
            using var listener = new TcpListener(ip, address.Port);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return $"{url}: {e.Message}.";
        }
    }

    public string Url => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
}
