namespace PoolWatch.Core.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Format_error_names_the_offset() =>
        Assert.Contains("at byte 7", new Bitcoin.BlockFormatException("odd", 7).Message, StringComparison.Ordinal);
}
