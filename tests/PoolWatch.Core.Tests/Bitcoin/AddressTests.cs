using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class AddressTests
{
    // The key of BIP 173's examples and, as the generator point of secp256k1, the best known of all.
    private const string Compressed = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string Uncompressed =
        "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

    public static TheoryData<string, string, string> Published =>
        [.. File.ReadLines(FixtureFile.PathOf("addresses.csv")).Where(line => line[0] != '#').Select(line => line.Split(','))
            .Select(row => new TheoryDataRow<string, string, string>(row[0], row[1], row[2]))];

    [Theory, MemberData(nameof(Published))]
    public void Published_address_and_script_convert_both_ways(string networkName, string address, string script)
    {
        var network = Network.All.Single(candidate => candidate.Name == networkName);

        Assert.Equal(address, Address.FromScript(Convert.FromHexString(script), network));
        Assert.True(Address.TryToScript(address, network, out var back));
        Assert.Equal(script, Convert.ToHexStringLower(back));
        Assert.Equal(
            address.Contains('1') && address.StartsWith(network.SegwitPrefix + "1", StringComparison.Ordinal),
            Address.TryToScript(address.ToUpperInvariant(), network, out back) && script == Convert.ToHexStringLower(back));
    }

    [Theory, MemberData(nameof(Published))]
    public void Address_of_another_network_is_refused(string networkName, string address, string script)
    {
        var network = Network.All.Single(candidate => candidate.Name == networkName);
        var sameForm = Network.All.Where(other => Address.FromScript(Convert.FromHexString(script), other) == address).ToHashSet();

        Assert.Contains(network, sameForm);
        Assert.All(Network.All, other => Assert.Equal(sameForm.Contains(other), Address.TryToScript(address, other, out _)));
        Assert.NotEqual(networkName == "main", sameForm.Contains(Network.Testnet3) || sameForm.Contains(Network.Regtest));
    }

    // BIP 350, "Test vectors for v0-v16 native segregated witness addresses".
    [Theory]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262")]
    [InlineData("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("BC1SW50QGDZ25J", "6002751e")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323")]
    [InlineData("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433")]
    [InlineData("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")]
    public void Segwit_vectors_of_bip_350_convert_both_ways(string address, string script)
    {
        var network = address[0] is 't' ? Network.Testnet3 : Network.Main;

        Assert.True(Address.TryToScript(address, network, out var read));
        Assert.Equal(script, Convert.ToHexStringLower(read));
        Assert.Equal(address.ToLowerInvariant(), Address.FromScript(read, network));
    }

    // The invalid addresses of BIP 173 and BIP 350, BIP 173's valid ones that BIP 350 forbids, and some of Bitcoin Core's key_io_invalid.json.
    [Theory]
    [InlineData("tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd")]
    [InlineData("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf")]
    [InlineData("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh")]
    [InlineData("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47")]
    [InlineData("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4")]
    [InlineData("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R")]
    [InlineData("bc1pw5dgrnzv")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav")]
    [InlineData("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j")]
    [InlineData("bc1gmk9yu")]
    [InlineData("tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")]
    [InlineData("BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2")]
    [InlineData("bc1rw5uspcuh")]
    [InlineData("bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv")]
    [InlineData("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx")]
    [InlineData("BC1SW50QA3JX3S")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1GAdfviErV2Ew95FPtZyikz2qGP3gyCB6Hyu94sedAkPpA523m3fQwps9YKUZkKgQckGPKhRsFR")]
    [InlineData("37G2kMDLpmWVhimxRdzwNfE8JFvWXnJYnVcXeeGrek2qumdJuK7XArcVVpRtLLjRra3t64BEPF2")]
    [InlineData("cPTVQ1hbo4qdoysf6Jx5GthqucNmdfqt6J2pZRFeXv8Ep7Kmjqud")]
    [InlineData("2UB3iG3VJbX2TRrMwm6ssWskgvU9VjFBYSqCzwqkrihCwo7mg4mtS4WuGZgxTKuxf5A3EcotYEymz")]
    [InlineData("tb13hty4qmumlwpp6chxjvcyzza4duqgtmxw3xhm3u9ahj4nyhtwz8eq7ynrj4")]
    [InlineData("bcrt1r2qxpwuge")]
    [InlineData("bcrt1qzwmyj0z924g7fzs5yvnrkc43y76RVyr2lh5t4r")]
    [InlineData("2UVPFpGYnLHJezFzjUo42our6PMEoozzRdM")]
    [InlineData("2MygHQjE1U33q3LSC53p69YqFjP8PihumJAF")]
    [InlineData("KzNbAQ4mexfAxa6RKBzHQqfoTycaeWpv2p")]
    [InlineData("AZEah8d1EK362okRBS66e8SvdtYkrE8tsX")]
    [InlineData("sp1qq22l5s6l9460ww6t4tkzsy2a7zejurcmzz35pt0ffrzk5erlaykdcznsxsn")]
    public void Invalid_address_is_refused_on_every_network(string address) =>
        Assert.All(Network.All, network => Assert.False(Address.TryToScript(address, network, out _)));

    [Theory]
    [InlineData("21" + Compressed + "ac", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac")]
    [InlineData("41" + Uncompressed + "ac", "1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm", "76a91491b24bf9f5288532960ac687abb035127b1d28a588ac")]
    public void Bare_key_has_the_address_of_its_hash(string script, string address, string keyHashScript)
    {
        var bytes = new byte[OutputScript.KeyHashSize];

        Assert.Equal(address, Address.FromScript(Convert.FromHexString(script), Network.Main));
        Assert.True(OutputScript.TryGetKeyHashScript(Convert.FromHexString(script), bytes));
        Assert.Equal(keyHashScript, Convert.ToHexStringLower(bytes));
        Assert.True(Address.TryToScript(address, Network.Main, out var back));
        Assert.Equal(bytes, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("6a")]
    [InlineData("6a24aa21a9ed00000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("21" + Compressed + "ad")]
    [InlineData("21" + Compressed)]
    [InlineData("2105be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179800ac")]
    [InlineData("76a914751e76e8199196d454941c45d1b3a323f1433bd688")]
    [InlineData("76a914751e76e8199196d454941c45d1b3a323f1433bd688acac")]
    [InlineData("a914751e76e8199196d454941c45d1b3a323f1433bd688")]
    [InlineData("0010751e76e8199196d454941c45d1b3a323")]
    [InlineData("5001aa")]
    [InlineData("5101aa")]
    [InlineData("6102aaaa")]
    [InlineData("4f02aaaa")]
    [InlineData("5103aaaa")]
    public void Other_script_has_no_address(string script)
    {
        var bytes = Convert.FromHexString(script);

        Assert.Null(Address.FromScript(bytes, Network.Main));
        Assert.False(OutputScript.TryGetKeyHashScript(bytes, new byte[25]));
    }

    [Fact]
    public void Every_witness_program_comes_back() =>
        Gen.Select(Gen.Int[1, 16], Gen.Byte.Array[2, 40], Gen.OneOf([.. Network.All])).Sample((version, program, network) =>
        {
            byte[] script = [(byte)(0x50 + version), (byte)program.Length, .. program];
            Assert.True(Address.TryToScript(Address.FromScript(script, network)!, network, out var back));
            Assert.Equal(script, back);
        });

    [Fact]
    public void Random_text_never_throws() =>
        Gen.Select(Gen.OneOf(Gen.String, Gen.String[Gen.Char["bct1qpzry9x8gf2tvdw0s3jn54khce6mua7lAB"], 0, 95]), Gen.OneOf([.. Network.All]))
            .Sample((text, network) => Assert.False(Address.TryToScript(text, network, out _)), iter: 20_000);

    [Fact]
    public void Random_scripts_never_throw_and_addresses_lead_back() =>
        Gen.Select(Gen.OneOf("76a914", "a914", "0014", "0020", "5120", "21", "41", "6a", ""), Gen.Byte.Array[0, 70], Gen.OneOf("88ac", "87", "ac", ""))
            .Sample(
                (start, middle, end) =>
                {
                    byte[] script = [.. Convert.FromHexString(start), .. middle, .. Convert.FromHexString(end)];
                    var expected = new byte[25];
                    if (Address.FromScript(script, Network.Main) is { } address)
                    {
                        Assert.True(Address.TryToScript(address, Network.Main, out var back));
                        Assert.Equal(OutputScript.TryGetKeyHashScript(script, expected) ? expected : script, back);
                    }
                },
                iter: 20_000);
}
