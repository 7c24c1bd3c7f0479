namespace PoolWatch.Tests.Support;

/// <summary>A hash is stored first byte first and shown last byte first.</summary>
public static class ByteOrder
{
    /// <summary>The other order of a hash in hexadecimal digits.</summary>
    public static string Reversed(string hash) => Convert.ToHexStringLower([.. Convert.FromHexString(hash).Reverse()]);
}
