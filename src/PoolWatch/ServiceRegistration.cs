using PoolWatch.Api;
using PoolWatch.Commands;
using PoolWatch.History;
using PoolWatch.Node;
using PoolWatch.PoolLists;
using PoolWatch.ReadModel;
using PoolWatch.Settings;
using PoolWatch.Storage;
using PoolWatch.Sync;
using PoolWatch.Telemetry;
using Quartz;

namespace PoolWatch;

/// <summary>What the service is made of, in the order in which data flows.</summary>
internal static class ServiceRegistration
{
    public static void AddPoolWatch(this IServiceCollection services, PoolWatchSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Installation>();
        services.AddSingleton<IHostLifetime, NoHostLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Shutdown.WorkLimit);
        services.AddStorage(settings);
        services.AddSync();
        if (settings.Follow is { } follow)
        {
            services.AddFollower(follow);
        }

        services.AddReading();
        services.AddHostedService<Startup>();
    }

    public static void MapPoolWatch(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapMetrics();
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapOverview();
        app.MapRunbooks();
        var v1 = app.MapGroup("/v1").RefuseUnknownParameters();
        v1.MapStatus();
        var numbers = v1.MapGroup("").TagBySnapshot();
        numbers.MapPools();
        numbers.MapPoolLists();
        numbers.MapBlocks();
        numbers.MapConcentration();
        numbers.MapLayers();
        numbers.MapInspection();
    }

    private static void AddStorage(this IServiceCollection services, PoolWatchSettings settings)
    {
        services.AddSingleton(s => new PrivatePostgres(
            settings.DataDirectory, settings.PostgresBinDirectory, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<PrivatePostgres>>()));
        services.AddSingleton<Database>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<PoolListStore>();
        services.AddSingleton<PoolListChanges>();
        services.AddSingleton<BlockStore>();
        services.AddSingleton<IngesterLease>();
    }

    private static void AddSync(this IServiceCollection services)
    {
        services.AddSingleton<SourceChoice>();
        services.AddSingleton<SyncStatus>();
        services.AddQuartz();
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    private static void AddFollower(this IServiceCollection services, FollowSettings follow)
    {
        services.AddSingleton<FollowedListTakeover>();
        services.AddSingleton(s =>
        {
            var (time, metrics) = (s.GetRequiredService<TimeProvider>(), s.GetRequiredService<OperationalMetrics>());
            return new ListFollower(
                follow, ListSource.Of(follow), s.GetRequiredService<FollowedListTakeover>().TakeOverAsync, outcome => metrics.FollowedList(outcome, time.GetUtcNow()),
                time, s.GetRequiredService<ILogger<ListFollower>>());
        });
    }

    private static void AddReading(this IServiceCollection services)
    {
        services.AddSingleton<BlockInspector>();
        services.AddSingleton<SnapshotLoader>();
        services.AddSingleton<CurrentSnapshot>();
        services.AddHostedService<SnapshotFollower>();
        services.AddSingleton<ConcentrationTable>();
        services.AddHostedService<ConcentrationFollower>();
        services.AddSingleton<OperationalMetrics>();
        services.AddSingleton<BlockQueries>();
        services.AddSingleton<PoolListQueries>();
        services.AddSingleton<PastLists>();
        services.AddSingleton<PointInTime>();
        services.AddSingleton<WindowInspection>();
        services.AddSingleton<WebAddress>();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddProblemDetails();
        // Numbers are numbers: the default would describe them as "number or string" in the OpenAPI document.
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict);
        services.AddOpenApi("v1");
        services.AddSingleton(new ConsoleOutput(Console.Out, !Console.IsOutputRedirected, !Console.IsErrorRedirected));
    }
}
