using System.Diagnostics.CodeAnalysis;

namespace PoolWatch.Core.Concentration;

/// <summary>Why a chain has no such window.</summary>
public enum WindowAbsence
{
    /// <summary>It has.</summary>
    None,

    /// <summary>The bounds make no sense on any chain: no block asked for, or the end before the start.</summary>
    InvalidBounds,

    /// <summary>More blocks are asked for than are stored. A shorter window is never passed off as a longer one.</summary>
    LongerThanChain,

    /// <summary>Heights are asked for that are not stored: above the tip or below the first.</summary>
    HeightsNotStored,

    /// <summary>The time span may include blocks below the first stored one.</summary>
    TimesNotStored,

    /// <summary>No block's median time past falls in the time span.</summary>
    NoBlocks,
}

/// <summary>A window, or the reason why there is none.</summary>
public readonly record struct WindowLookup
{
    private readonly BlockWindow _window;

    private WindowLookup(BlockWindow window, WindowAbsence absence, string? reason)
    {
        _window = window;
        Absence = absence;
        Reason = reason;
    }

    /// <summary>What is in the way; <see cref="WindowAbsence.None"/> where there is a window.</summary>
    public WindowAbsence Absence { get; }

    /// <summary>The same as an English sentence with the numbers, fit for an answer to the user; null where there is a window.</summary>
    public string? Reason { get; }

    /// <summary>There is such a window.</summary>
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool Found => Absence == WindowAbsence.None;

    /// <summary>The window; false where there is none.</summary>
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool TryGet(out BlockWindow window)
    {
        window = _window;
        return Found;
    }

    internal static WindowLookup Of(BlockWindow window) => new(window, WindowAbsence.None, null);

    internal static WindowLookup Absent(WindowAbsence absence, string reason) => new(default, absence, reason);
}
