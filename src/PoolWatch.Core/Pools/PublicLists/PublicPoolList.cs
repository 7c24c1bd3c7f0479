namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>One of the two public pool lists: an array of <c>{ "id", "name", "addresses", "tags", "link" }</c>.</summary>
/// <param name="Kind">Whose list it is.</param>
/// <param name="Pools">The pools in the order of the file.</param>
public sealed record PublicPoolList(PublicListKind Kind, IReadOnlyList<PublicPool> Pools)
{
    /// <summary>Reads a list; fields that are not known are passed over, as both lists' own readers do.</summary>
    /// <param name="utf8Json">UTF-8 with or without byte order mark.</param>
    /// <param name="kind">Whose list it is: the file does not say.</param>
    /// <exception cref="PoolListException">The text is no such list or larger than <see cref="PoolList.MaxBytes"/>; every error is named, up to a hundred.</exception>
    public static PublicPoolList Parse(ReadOnlySpan<byte> utf8Json, PublicListKind kind) => new(kind, PublicPoolListReader.Read(utf8Json));

    /// <summary>The facts that are built into this assembly. Reads them anew at each call.</summary>
    /// <param name="kind">
    /// Which list: mempool/mining-pools, <c>pools-v2.json</c>, at commit 6abbdc8 (168 pools, 197 tags, 217 addresses), or bitcoin-data/mining-pools at
    /// 330f61d (148 pools, 171 tags, 200 addresses); both MIT.
    /// </param>
    public static PublicPoolList LoadBundled(PublicListKind kind) => new(kind, BundledPublicFacts.Read(kind));

    /// <summary>Makes one of our lists of a public one, with the ids of that list and slugs made of the names as mempool.space makes them.</summary>
    /// <remarks>
    /// Links without a scheme get https://. Left out are links that are none and addresses that are none on mainnet; where a tag or address has two owners the
    /// earlier keeps it. Tags of bitcoin-data's list that only case tells apart become exact.
    /// </remarks>
    /// <exception cref="PoolListException">An id is used twice or is not above 0, a tag has a control character or more than a hundred bytes, or there are too many.</exception>
    public Conversion<PoolList> ToPoolList() => new PublicListImport(this).Run();

    /// <summary>Makes a public list of one of ours. A pool that has no id in that list gets the next above the highest, in the order of the list.</summary>
    /// <param name="list">Our list.</param>
    /// <param name="kind">Which of the two forms; they differ in ids and in what a tag means.</param>
    /// <exception cref="PoolListException">There is no id left.</exception>
    public static Conversion<PublicPoolList> From(PoolList list, PublicListKind kind) => new PublicListExport(list, kind).Run();

    /// <summary>The file, as its maintainers write it: fields in their order, two spaces of indentation (bitcoin-data: one), line feeds.</summary>
    public string ToJson() => PublicPoolListWriter.Write(this);
}
