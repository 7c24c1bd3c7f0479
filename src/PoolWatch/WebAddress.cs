using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PoolWatch;

/// <summary>The address at which the web server really listens: the configured port may be 0.</summary>
internal sealed class WebAddress(IServer server)
{
    public string Url => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
}
