namespace PoolWatch.Tests.Campaign;

/// <summary>When a fault can strike.</summary>
public enum Phase
{
    Backfill,
    Following,
    Either,
}

/// <summary>A kind of fault: seeds that follow each other take the kinds in turn.</summary>
public sealed record FaultKind(string Name, Phase Phase, Func<Round, Task> StrikeAsync)
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("service killed", Phase.Either, ProcessFaults.KillServiceAsync),
        new("database killed", Phase.Either, ProcessFaults.KillPostgresAsync),
        new("database sessions killed", Phase.Either, ProcessFaults.KillBackendAsync),
        new("node killed", Phase.Either, ProcessFaults.KillNodeAsync),
        new("node connection cut", Phase.Either, SurroundingFaults.CutNodeAsync),
        new("database connection cut", Phase.Either, SurroundingFaults.CutDatabaseAsync),
        new("disk full", Phase.Either, SurroundingFaults.FillDiskAsync),
        new("clock jumps", Phase.Either, SurroundingFaults.JumpClockAsync),
        new("second ingester", Phase.Either, ProcessFaults.StartSecondIngesterAsync),
        new("migration interrupted", Phase.Backfill, ProcessFaults.InterruptMigrationAsync),
        new("reorg during backfill", Phase.Backfill, ReorgFaults.DuringBackfillAsync),
        new("reorg and a kill", Phase.Following, ReorgFaults.WithKillAsync),
    ];

    public static FaultKind Of(int seed) => All[(int)((uint)seed % All.Count)];
}
