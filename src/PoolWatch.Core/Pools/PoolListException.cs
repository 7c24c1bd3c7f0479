namespace PoolWatch.Core.Pools;

/// <summary>A pool list can't be used. Every error found is listed, not only the first.</summary>
/// <param name="errors">One sentence each: which pool and field, what is wrong, what would be right.</param>
public sealed class PoolListException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence each: which pool and field, what is wrong, what would be right. At least one.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
