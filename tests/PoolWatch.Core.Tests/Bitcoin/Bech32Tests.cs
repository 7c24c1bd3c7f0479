using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

/// <summary>The test vectors of BIP 173 and BIP 350.</summary>
public sealed class Bech32Tests
{
    [Theory]
    [InlineData("A12UEL5L")]
    [InlineData("a12uel5l")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs")]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")]
    [InlineData("11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w")]
    [InlineData("?1ezyfcl")]
    public void Valid_bech32_is_read_and_written_back(string text) => ReadAndWrittenBack(text, Bech32Variant.Bech32);

    [Theory]
    [InlineData("A1LQFN3A")]
    [InlineData("a1lqfn3a")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6")]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")]
    [InlineData("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperredlc445v")]
    [InlineData("?1v759aa")]
    public void Valid_bech32m_is_read_and_written_back(string text) => ReadAndWrittenBack(text, Bech32Variant.Bech32m);

    [Theory]
    [InlineData("\u00201nwldj5")]
    [InlineData("\u007f1axkwrx")]
    [InlineData("\u00801eym55h")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx")]
    [InlineData("pzry9x0s0muk")]
    [InlineData("1pzry9x0s0muk")]
    [InlineData("x1b4n0q5v")]
    [InlineData("li1dgmt3")]
    [InlineData("de1lg7wt\u00ff")]
    [InlineData("A1G7SGD8")]
    [InlineData("10a06t8")]
    [InlineData("1qzzfhee")]
    [InlineData("\u00201xj0phk")]
    [InlineData("\u007f1g6xzxy")]
    [InlineData("\u00801vctc34")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4")]
    [InlineData("qyrz8wqd2c9m")]
    [InlineData("1qyrz8wqd2c9m")]
    [InlineData("y1b0jsk6g")]
    [InlineData("lt1igcx5c0")]
    [InlineData("in1muywd")]
    [InlineData("mm1crxm3i")]
    [InlineData("au1s5cgom")]
    [InlineData("M1VUXWEZ")]
    [InlineData("16plkw9")]
    [InlineData("1p2gdwpf")]
    [InlineData("")]
    [InlineData("a12uEl5l")]
    public void Invalid_text_is_refused(string text) => Assert.False(Bech32.TryDecode(text, out _, out _, out _));

    [Fact]
    public void What_has_no_text_form_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Bech32.Encode("", [], Bech32Variant.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("A", [], Bech32Variant.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("a b", [], Bech32Variant.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("a", [32], Bech32Variant.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("a", new byte[83], Bech32Variant.Bech32));
        Assert.Equal(90, Bech32.Encode("a", new byte[82], Bech32Variant.Bech32).Length);
    }

    private static void ReadAndWrittenBack(string text, Bech32Variant expected)
    {
        Assert.True(Bech32.TryDecode(text, out var prefix, out var data, out var variant));
        Assert.Equal(expected, variant);
        Assert.Equal(text.ToLowerInvariant(), Bech32.Encode(prefix, data, variant));
    }
}
