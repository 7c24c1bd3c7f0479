namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Something that a list of one format says and a list of another can't: it was changed or left out.</summary>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Message">A sentence that quotes what it is about.</param>
/// <remarks>Fit for a terminal: control characters are replaced, and what is longer than 500 characters is cut.</remarks>
public sealed record ConversionNote(string Pool, string Message)
{
    /// <summary>Name of the pool.</summary>
    public string Pool { get; } = Sentence.Of(Pool);

    /// <summary>A sentence that quotes what it is about.</summary>
    public string Message { get; } = Sentence.Of(Message);

    /// <summary>Pool and sentence, for people.</summary>
    public override string ToString() => $"{Pool}: {Message}";
}

/// <summary>A list that was made of a list of another format.</summary>
/// <typeparam name="TList">Our list or a public one.</typeparam>
/// <param name="List">The new list.</param>
/// <param name="Notes">All that was changed or left out, in the order of the list; nothing else was.</param>
public sealed record Conversion<TList>(TList List, IReadOnlyList<ConversionNote> Notes);
