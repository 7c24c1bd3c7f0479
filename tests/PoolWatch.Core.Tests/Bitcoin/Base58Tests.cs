using CsCheck;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class Base58Tests
{
    // Bitcoin Core, src/test/data/base58_encode_decode.json (MIT).
    [Theory]
    [InlineData("", "")]
    [InlineData("61", "2g")]
    [InlineData("626262", "a3gV")]
    [InlineData("636363", "aPEr")]
    [InlineData("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2")]
    [InlineData("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L")]
    [InlineData("516b6fcd0f", "ABnLTmg")]
    [InlineData("bf4f89001e670274dd", "3SEo3LWLoPntC")]
    [InlineData("572e4794", "3EFU7m")]
    [InlineData("ecac89cad93923c02321", "EJDM8drfXA6uyA")]
    [InlineData("10c8511e", "Rt5zm")]
    [InlineData("00000000000000000000", "1111111111")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000001", "1111111111111111111111111111111111111112")]
    [InlineData("000111d38e5fc9071ffcd20b4a763cc9ae4f252bb4e48fd66a835e252ada93ff480d6dd43dc62a641155a5", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")]
    [InlineData("271f359e", "zzzzy")]
    [InlineData("271f359f", "zzzzz")]
    [InlineData("271f35a0", "211111")]
    [InlineData("271f35a1", "211112")]
    public void Published_pairs_convert_both_ways(string hex, string text)
    {
        Assert.Equal(text, Base58.Encode(Convert.FromHexString(hex)));
        Assert.True(Base58.TryDecode(text, out var data));
        Assert.Equal(hex, Convert.ToHexStringLower(data));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("O")]
    [InlineData("I")]
    [InlineData("l")]
    [InlineData("2g ")]
    [InlineData("2g\u0660")]
    public void Other_characters_are_refused(string text) => Assert.False(Base58.TryDecode(text, out _));

    [Fact]
    public void Length_has_a_limit()
    {
        Assert.True(Base58.TryDecode(new string('1', 256), out _));
        Assert.False(Base58.TryDecode(new string('1', 257), out _));
        Assert.False(Base58.TryDecode(new string('z', 400), out _));
        Assert.Throws<ArgumentException>(() => Base58.Encode(new byte[257]));
        Assert.Throws<ArgumentException>(() => Base58.EncodeCheck(new byte[253]));
    }

    [Fact]
    public void Every_payload_comes_back_and_no_changed_text_does() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Byte[0, 1].Array[0, 60]), Gen.Int[0, 99]).Sample((payload, at) =>
        {
            var text = Base58.EncodeCheck(payload);
            Assert.True(Base58.TryDecodeCheck(text, out var back));
            Assert.Equal(payload, back);

            var changed = text.ToCharArray();
            changed[at % text.Length] = changed[at % text.Length] == '2' ? '3' : '2';
            Assert.False(Base58.TryDecodeCheck(changed, out _));
        });

    [Theory]
    [InlineData("")]
    [InlineData("111")]
    public void Text_without_a_checksum_is_refused(string text) => Assert.False(Base58.TryDecodeCheck(text, out _));
}
