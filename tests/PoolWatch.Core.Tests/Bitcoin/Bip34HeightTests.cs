using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class Bip34HeightTests
{
    // The first eight and the "no number" rows: 0xB10C/stratum-observer, src/utils.rs.
    [Theory]
    [InlineData("00", 0)]
    [InlineData("0164", 100)]
    [InlineData("02e803", 1000)]
    [InlineData("03ac9b0c", 826284)]
    [InlineData("03e19b0c", 826337)]
    [InlineData("03e29b0c", 826338)]
    [InlineData("0344ef2a", 2813764)]
    [InlineData("0400000001", 16777216)]
    [InlineData("51", 1)]
    [InlineData("60", 16)]
    [InlineData("0111", 17)]
    [InlineData("017f", 127)]
    [InlineData("028000", 128)]
    [InlineData("04ffffff7f", int.MaxValue)]
    [InlineData("04ffff001d026f03", 486604799)]
    public void Number_is_read(string script, int expected) => Assert.Equal(expected, Bip34Height.Read(Convert.FromHexString(script)));

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("07")]
    [InlineData("0211")]
    [InlineData("031122")]
    [InlineData("04112233")]
    [InlineData("071234")]
    [InlineData("051234567890")]
    [InlineData("0110")]
    [InlineData("0100")]
    [InlineData("0180")]
    [InlineData("026400")]
    [InlineData("0464000000")]
    [InlineData("04ffffffff")]
    [InlineData("4c0164")]
    [InlineData("4f")]
    [InlineData("61")]
    public void No_number_is_null(string script) => Assert.Null(Bip34Height.Read(Convert.FromHexString(script)));

    [Theory]
    [InlineData(227_930, null)]
    [InlineData(227_931, 227_931)]
    public void Height_is_absent_before_the_rule_holds(int height, int? expected)
    {
        var script = Convert.FromHexString("035b7a03");
        Assert.Equal(227_931, Bip34Height.Read(script));
        Assert.Equal(expected, Bip34Height.Read(script, height, Network.Main));
    }

    [Fact]
    public void Younger_networks_have_the_rule_from_the_start() => Assert.Equal(1, Bip34Height.Read([0x51], 1, Network.Regtest));
}
