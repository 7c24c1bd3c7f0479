using System.Runtime.CompilerServices;
using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>Lists, outputs and files that the tests of attribution share.</summary>
internal static class PoolFixtures
{
    public const string FoundryAddress = "12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL";
    public const string AntPoolAddress = "12dRugNcdxK39288NjcDV4GX7rMsKCGn6B";
    public const string UnlistedAddress = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";

    public static PoolList List(string pools) =>
        PoolList.Parse(Encoding.UTF8.GetBytes($$"""{ "format": "poolwatch-pool-list/1", "pools": [ {{pools}} ] }"""));

    public static IReadOnlyList<string> ErrorsOf(string json) =>
        Assert.Throws<PoolListException>(() => PoolList.Parse(Encoding.UTF8.GetBytes(json))).Errors;

    public static byte[] Script(string address, Network? network = null)
    {
        Assert.True(Address.TryToScript(address, network ?? Network.Main, out var script), address);
        return script;
    }

    public static TxOut Pay(string address, long value) => new(value, Script(address));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string OutputPath(params string[] parts) => Path.Combine([AppContext.BaseDirectory, .. parts]);

    public static string SourcePath(string folder, string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", folder, file);
}
