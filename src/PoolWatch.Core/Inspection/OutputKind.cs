using System.Globalization;
using System.Text;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Inspection;

/// <summary>The kinds of output scripts by the names that Bitcoin's developers use.</summary>
internal static class OutputKind
{
    private const byte Return = 0x6a;
    private const int Named = 6;

    public static bool HasAddress(ReadOnlySpan<byte> script) =>
        OutputScript.TryGetWitness(script, out _, out _) || !OutputScript.ScriptHashOf(script).IsEmpty || !OutputScript.KeyHashOf(script).IsEmpty
        || !OutputScript.PublicKeyOf(script).IsEmpty;

    public static string Describe(IReadOnlyList<TxOut> outputs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Math.Min(outputs.Count, Named); i++)
        {
            text.Append(i == 0 ? "" : " ").Append(NameOf(outputs[i].Script.Span));
        }

        return outputs.Count > Named ? text.Append(CultureInfo.InvariantCulture, $" +{outputs.Count - Named}").ToString() : text.ToString();
    }

    private static string NameOf(ReadOnlySpan<byte> script) =>
        OutputScript.TryGetWitness(script, out var version, out var program) ? (version, program.Length) switch
        {
            (0, 20) => "p2wpkh",
            (0, _) => "p2wsh",
            (1, 32) => "p2tr",
            _ => "witness",
        }
        : !OutputScript.KeyHashOf(script).IsEmpty ? "p2pkh"
        : !OutputScript.ScriptHashOf(script).IsEmpty ? "p2sh"
        : !OutputScript.PublicKeyOf(script).IsEmpty ? "p2pk"
        : script is [Return, ..] ? "op_return"
        : "other";
}
