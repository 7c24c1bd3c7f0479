using System.Text;
using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class MinerTextTests
{
    private static readonly string[] Slugs = ["ocean", "dmnd", "antpool", "foundryusa", "viabtc", "f2pool", "luxor"];

    // The scriptSigs of the blocks of these heights, as published in public test suites; 890448 is OCEAN's and F2Pool's stratum job at that height, never a block.
    [Theory]
    [InlineData("viabtc", "036c3c0a1c2f5669614254432f4d696e6564206279206c6565686f6f343434342f2cfabe6d6d41f647100ea398435411f0297fd9d798625e1b82c82451f7c6ccb59c0c67ec07100000000000000010d02cfe0845dca9281bb0ee077c090000", "leehoo4444")]
    [InlineData("viabtc", "0390120d182f5669614254432f4d696e6564206279206173646c31372f2cfabe6d6d038689c77c851fb85eef5e10eade9efb405e21994412c978983b2e71881f471610000000000000001046b1dc05df138865a39bb08f551f080000000000", "asdl17")]
    [InlineData("antpool", "03a3120d1b4d696e656420627920416e74506f6f6c3837349f00010293f49debfabe6d6d7ce2d695ffb032041ea85db181f3aea78cf47946d5e610fe32292d95db1eca551000000000000000540c00005737000000000000", "874")]
    [InlineData("foundryusa", "031c120d048867bb662f466f756e6472792055534120506f6f6c202364726f70676f6c642f4892b78e0000b3b25d010000", "dropgold")]
    [InlineData("ocean", "0350960d163c204f4345414e2e58595a203e0f0f30304f43423400024087", " OCEANXYZ ||00OCB4")]
    public void Published_coinbases_have_their_miner(string slug, string scriptSig, string expected) =>
        Assert.Equal(expected, string.Join('|', MinerText.Read(Pool(slug), Convert.FromHexString(scriptSig))));

    [Theory]
    [InlineData("viabtc", "..../ViaBTC/", "")]
    [InlineData("viabtc", "..../ViaBTC/Mined by  two words /x", "two words")]
    [InlineData("viabtc", "..../ViaBTC/mined by x", "x")]
    [InlineData("viabtc", "..../ViaBTC/Mined by /", "")]
    [InlineData("viabtc", "ined by x", "")]
    [InlineData("f2pool", "....Mined by stcode\0\0\0\0", "stcode")]
    [InlineData("antpool", "....Mined by AntPool8526\u0001\0", "852")]
    [InlineData("antpool", "....Mined by AntPool47\u00ee\u0001", "47")]
    [InlineData("antpool", "....Mined by AntPool bj7\u001c\u0084", "bj7")]
    [InlineData("antpool", "....Mined by AntPool bj11/EB1/AD6/C X", "bj11")]
    [InlineData("antpool", "....Mined by AntPoolm/EB1/AD6/NYA/", "m")]
    [InlineData("antpool", "....Mined by AntPool M\0\u0002", "")]
    [InlineData("antpool", "....Mined by AntPooln\u0006 Z", "")]
    [InlineData("antpool", "....Mined by AntPool bj", "")]
    [InlineData("antpool", "....Mined by AntPool", "")]
    [InlineData("antpool", "/AntPool/", "")]
    [InlineData("foundryusa", "..../Foundry USA Pool #drop", "")]
    [InlineData("foundryusa", "..../Foundry USA Pool/", "")]
    [InlineData("futurebitapollosolo", "Apollo./mined by 256 Foundation/", "256 Foundation")]
    [InlineData("futurebitapollosolo", "Apollo./mined by 256 Foundation", "")]
    [InlineData("gbminers", "..../mined by gbminers/,", "")]
    [InlineData("luxor", "....Mined by Luxor Tech/", "")]
    [InlineData("secpool", "....Mined by SecPool)\0;", "")]
    [InlineData("ocean", "\u0003abc\u000b< O.X >\u000fMe\u0000\u000eab", " OX |Me")]
    [InlineData("ocean", "\u0003abc\u004c\u0007ab\u000f<é>-\u000f", "ab|")]
    [InlineData("ocean", "\u0003abc\u0003\u000f\u000f.x", "")]
    [InlineData("ocean", "\u0003abc", "")]
    [InlineData("ocean", "\u0003abcL", "")]
    [InlineData("ocean", "\u0009abc", "")]
    [InlineData("ocean", "", "")]
    [InlineData("dmnd", "\u0003abc\0/DMND/miner one/\0xyz", "DMND|miner one")]
    [InlineData("dmnd", "\u0003abc\0/DMND/\0", "DMND")]
    [InlineData("dmnd", "\u0003abc\0/DMND/miner/", "")]
    [InlineData("dmnd", "\u0003abc\u0001/DMND/miner/\0", "")]
    [InlineData("dmnd", "\u0003abc\0DMND\0", "")]
    [InlineData("dmnd", "\u0003abc\0/\u00ff\u00fe/\0", "")]
    [InlineData("dmnd", "\u0003abc\0/a\u001bb/\0", "ab")]
    public void A_miner_is_read_only_where_the_form_of_the_pool_has_one(string slug, string scriptSig, string expected) =>
        Assert.Equal(expected, string.Join('|', MinerText.Read(Pool(slug), Encoding.Latin1.GetBytes(scriptSig))));

    [Fact]
    public void DMND_writes_UTF8_without_marks_that_turn_the_text() =>
        Assert.Equal(["DMND", "Zoë🐟abc"], MinerText.Read(Pool("dmnd"), Encoding.UTF8.GetBytes("\u0003xyz\0/DMND/Zoë🐟a\u202Eb\u200Fc\u2028/\0")));

    [Fact]
    public void Without_a_pool_there_is_no_miner() => Assert.Empty(MinerText.Read(null, "/ViaBTC/Mined by x/"u8));

    [Theory]
    [InlineData("poolwatch/1")]
    [InlineData("mempool/1")]
    public void An_attribution_has_the_miner_of_its_own_pool(string algorithm)
    {
        var attributor = PoolAttributor.Create(algorithm, PoolList.LoadBundled());
        var scriptSig = "..../ViaBTC/Mined by leehoo4444/"u8.ToArray();

        Assert.Equal(["leehoo4444"], attributor.Attribute(scriptSig, [PoolFixtures.Pay(PoolFixtures.UnlistedAddress, 1)], 700_000).Miners);
        Assert.Empty(attributor.Attribute("..../ViaBTC/"u8, [PoolFixtures.Pay(PoolFixtures.UnlistedAddress, 1)], 700_000).Miners);
        Assert.Empty(attributor.Attribute("nothing"u8, [PoolFixtures.Pay(PoolFixtures.UnlistedAddress, 1)], 700_000).Miners);
    }

    [Fact]
    public void Whatever_stands_there_names_are_short_and_printable()
    {
        string[] parts = ["\u0003abc", "Mined by ", " AntPool", "Foundry USA Pool #", "\0/", "/", "\u000f", "L", "bj", "<script>", "\u001b[2J", "\u00e2\u0080\u00ae"];
        var part = Gen.Frequency((1, Gen.Byte.Array[0, 40]), (3, Gen.Int[0, parts.Length - 1].Select(i => Encoding.Latin1.GetBytes(parts[i]))));

        Gen.Select(Gen.Int[0, Slugs.Length - 1], part.Array[0, 12].Select(bytes => bytes.SelectMany(b => b).ToArray())).Sample((slug, scriptSig) =>
        {
            var names = MinerText.Read(Pool(Slugs[slug]), scriptSig);
            Assert.True(names.Sum(name => Encoding.UTF8.GetByteCount(name)) <= 100);
            Assert.DoesNotContain(names, name => name.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u202E' or '\u2028'));
        }, iter: 20_000);
    }

    private static Pool Pool(string slug) => new() { Slug = slug, Name = slug };
}
