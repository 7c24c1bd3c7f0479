using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>Says of a coinbase which pool of a list mined it, by a rule that has a name. Immutable, safe for use by many threads.</summary>
/// <remarks>
/// Pure: the same list, rule, coinbase and height always give the same attribution, so a stored attribution can be made again from the
/// stored coinbase, today's and that of any earlier list.
/// </remarks>
public abstract class PoolAttributor
{
    /// <summary>The rule that is used where nothing else is said.</summary>
    public const string DefaultAlgorithm = PoolWatchAttributor.Name;

    private readonly AddressIndex _addresses;

    private protected PoolAttributor(PoolList list, bool bareKeys)
    {
        List = list;
        AddressRules = new RuleBook(list, pool => pool.Addresses);
        TagRules = new RuleBook(list, pool => pool.Tags);
        _addresses = new AddressIndex(AddressRules, bareKeys);
    }

    /// <summary>The names of all rules, the default first.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [PoolWatchAttributor.Name, MempoolAttributor.Name];

    /// <summary>Name of the rule, stored with each attribution.</summary>
    public abstract string Algorithm { get; }

    /// <summary>The list in use.</summary>
    public PoolList List { get; }

    private protected RuleBook AddressRules { get; }

    private protected RuleBook TagRules { get; }

    /// <summary>Compiles a list for the rule of a name; a few milliseconds for the bundled one.</summary>
    /// <exception cref="ArgumentException">There is no rule of that name.</exception>
    /// <exception cref="PoolListException">The rule can't work with this list; every tag that is in the way is named, up to a hundred.</exception>
    public static PoolAttributor Create(string algorithm, PoolList list) => algorithm switch
    {
        PoolWatchAttributor.Name => new PoolWatchAttributor(list),
        MempoolAttributor.Name => new MempoolAttributor(list),
        _ => throw new ArgumentException($"There is no attribution rule '{algorithm}'; there are {string.Join(", ", Algorithms)}.", nameof(algorithm)),
    };

    /// <summary>Attributes a coinbase.</summary>
    /// <param name="coinbase">The coinbase transaction.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The height is negative.</exception>
    public Attribution Attribute(Coinbase coinbase, int height) => Attribute(coinbase.ScriptSig.Span, coinbase.Outputs, height);

    /// <summary>Attributes a coinbase by the only parts of it that count.</summary>
    /// <param name="scriptSig">The scriptSig of its input.</param>
    /// <param name="outputs">All its outputs.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The height is negative.</exception>
    /// <exception cref="OverflowException">The outputs have more value than fits 64 bits; those of a decoded coinbase never do.</exception>
    public Attribution Attribute(ReadOnlySpan<byte> scriptSig, IReadOnlyList<TxOut> outputs, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        Span<Hit> paymentRoom = stackalloc Hit[8];
        Span<Hit> tagRoom = stackalloc Hit[16];
        var payments = new Hits(paymentRoom);
        var tags = new Hits(tagRoom);
        var total = _addresses.Find(outputs, height, ref payments);
        FindTags(scriptSig, height, ref tags);
        return payments.Count + tags.Count == 0 ? Attribution.Unknown : Judge(scriptSig, height, payments.Span, total, tags.Span);
    }

    /// <summary>Collects a hit for every tag that stands in the scriptSig.</summary>
    private protected abstract void FindTags(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits);

    /// <summary>Says what the hits mean; there is at least one.</summary>
    private protected abstract Attribution Judge(ReadOnlySpan<byte> scriptSig, int height, Span<Hit> payments, long total, Span<Hit> tags);
}
