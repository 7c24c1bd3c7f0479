namespace PoolWatch.Settings;

/// <summary>What this build contains: NBitcoin is a build property (docs/adr/0005).</summary>
internal static class BuiltSources
{
#if NBITCOIN
    public static bool HasNBitcoin => true;
#else
    public static bool HasNBitcoin => false;
#endif
}
