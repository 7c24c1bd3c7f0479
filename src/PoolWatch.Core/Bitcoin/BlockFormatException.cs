namespace PoolWatch.Core.Bitcoin;

/// <summary>The bytes are not what the Bitcoin protocol allows at this place.</summary>
/// <param name="message">What was found and what would have been right.</param>
/// <param name="offset">Index of the first offending byte, counted from the start of the input.</param>
public sealed class BlockFormatException(string message, int offset) : Exception($"{message} (at byte {offset})")
{
    /// <summary>Index of the first offending byte, counted from the start of the input.</summary>
    public int Offset { get; } = offset;
}
