namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>Whether an entity has more than a threshold of the hash rate, as far as the blocks up to the tip can tell.</summary>
/// <param name="Entity">Number of the entity in its layer.</param>
/// <param name="Threshold">The share that is tested against.</param>
/// <param name="Level">
/// The evidence collected, over what is needed for an alarm: 0 (none) to 1.25. Below 1 an alarm that has begun goes on until 0.
/// </param>
/// <param name="Since">Height of the block that began the alarm; null where there is none.</param>
public readonly record struct ShareAlarm(int Entity, Threshold Threshold, double Level, int? Since)
{
    /// <summary>Whether the alarm is on.</summary>
    public bool IsOn => Since is not null;
}

/// <summary>An alarm of the past or present.</summary>
/// <param name="Entity">Number of the entity in its layer.</param>
/// <param name="Threshold">The share that was tested against.</param>
/// <param name="From">Height of the block that began it.</param>
/// <param name="To">Height of the block that ended it; null where it is still on.</param>
public readonly record struct AlarmEpisode(int Entity, Threshold Threshold, int From, int? To);
