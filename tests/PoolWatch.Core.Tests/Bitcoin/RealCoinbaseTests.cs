using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class RealCoinbaseTests
{
    public static TheoryData<RealCoinbase> Transactions => [.. RealCoinbase.All.Where(real => real.CoinbaseTxHex is not null)];

    public static TheoryData<RealCoinbase> Headers => [.. RealCoinbase.All.Where(real => real.HeaderHex is not null)];

    [Fact]
    public void Fixture_covers_both_forms_and_every_script_type()
    {
        var forms = RealCoinbase.All.Where(real => real.CoinbaseTxHex is not null).GroupBy(real => real.CoinbaseTxHex![8..12]);
        Assert.Equal(["0001", "0100"], forms.Where(form => form.Count() > 20).Select(form => form.Key).Order(StringComparer.Ordinal));

        var types = RealCoinbase.All.SelectMany(real => real.Outputs ?? []).Select(output => output.Type).ToHashSet();
        Assert.Superset(new HashSet<string?> { "p2pk", "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "op_return" }, types);
    }

    [Theory, MemberData(nameof(Transactions))]
    public void Coinbase_has_the_published_txid_script_and_outputs(RealCoinbase real)
    {
        var coinbase = Coinbase.Decode(Convert.FromHexString(real.CoinbaseTxHex!));

        Assert.Equal(real.Txid, coinbase.Txid.ToString());
        Assert.Equal(coinbase.Txid, BlockHash.Of(coinbase.Transaction.Span));
        Assert.Equal(real.ScriptSigHex, Convert.ToHexStringLower(coinbase.ScriptSig.Span));
        Assert.Equal(
            real.Outputs!.Select(output => (output.Value, output.ScriptHex)),
            coinbase.Outputs.Select(output => ((long?)output.Value, (string?)Convert.ToHexStringLower(output.Script.Span))));
    }

    [Theory, MemberData(nameof(Transactions))]
    public void Stripped_coinbase_decodes_to_itself(RealCoinbase real)
    {
        var coinbase = Coinbase.Decode(Convert.FromHexString(real.CoinbaseTxHex!));
        var again = Coinbase.Decode(coinbase.Transaction.Span);

        Assert.Equal(coinbase.Txid, again.Txid);
        Assert.True(coinbase.Transaction.Span.SequenceEqual(again.Transaction.Span));
        Assert.Equal(coinbase.Outputs.Count, again.Outputs.Count);
    }

    [Theory, MemberData(nameof(Headers))]
    public void Header_has_the_published_hash_and_its_work(RealCoinbase real)
    {
        var header = BlockHeader.Decode(Convert.FromHexString(real.HeaderHex!));

        Assert.Equal(real.Hash, header.Hash.ToString());
        Assert.True(ProofOfWork.IsMet(header, Network.Main));
    }

    [Fact]
    public void Outputs_have_the_published_addresses()
    {
        var known = RealCoinbase.All.SelectMany(real => real.Outputs ?? []).Where(output => output is { ScriptHex: not null, Type: not "p2pk" }).ToArray();

        Assert.True(known.Length > 500);
        Assert.All(known, output => Assert.Equal(output.Address, Address.FromScript(Convert.FromHexString(output.ScriptHex!), Network.Main)));
    }

    [Fact]
    public void Heights_are_in_the_script_from_227931_on()
    {
        Assert.All(RealCoinbase.All, real =>
            Assert.Equal(
                real.Height >= 227_931 ? real.Height : null,
                Bip34Height.Read(Convert.FromHexString(real.ScriptSigHex), real.Height, Network.Main)));
    }
}
