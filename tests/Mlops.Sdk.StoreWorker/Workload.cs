using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.StoreWorker;

/// <summary>What a worker does on each of its threads, through the capabilities: it tracks runs, registers versions of one model and moves two aliases that everybody moves.</summary>
internal sealed class Workload(StoreHost host, string worker, WorkerOutput output)
{
    public const string Model = "shared";
    public const string ExperimentName = "crowd";
    public const string Metric = "loss";
    private const int Flushes = 3;
    private const int Points = 25;
    private static readonly string[] Aliases = ["champion", "challenger"];
    private readonly Lazy<Task<Digest>> package = new(() => host.PackageAsync());

    /// <summary>Goes round; a failure is printed and the next round begun, for a store that was gone may be back.</summary>
    /// <param name="thread">Names what it makes.</param>
    /// <param name="rounds">How often; 0 for ever.</param>
    public async Task RunAsync(int thread, int rounds)
    {
        for (var round = 0; rounds == 0 || round < rounds; round++)
        {
            // Names are never used twice, also not by the worker that takes the place of a killed one.
            var name = $"{worker}-{thread}-{round}-{MlopsId.NewKey()[..12]}";
            try
            {
                await TrackAsync(name);
                var version = await RegisterAsync(name);
                await MoveAsync(Aliases[round % Aliases.Length], version);
            }
            catch (Exception error)
            {
                output.Fail(name, error);
                if (error is MlopsException { IsTransient: true })
                {
                    await Task.Delay(50);
                }
            }
        }
    }

    private async Task TrackAsync(string name)
    {
        await using var run = await host.Tracker.StartRunAsync(ExperimentName, new() { Name = name });
        output.Say($"run {run.Id} {name}");
        await run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["name"] = name });
        output.Say($"param {run.Id} {name}");
        for (var flush = 1; flush <= Flushes; flush++)
        {
            for (var i = 0; i < Points; i++)
            {
                var step = ((flush - 1) * Points) + i;
                run.LogMetric(Metric, step / 2.0, step, DateTimeOffset.UnixEpoch.AddSeconds(step));
            }

            await run.FlushAsync();
            output.Say(string.Create(CultureInfo.InvariantCulture, $"points {run.Id} {(flush * Points) - run.DroppedPoints}"));
        }

        await run.CompleteAsync();
        output.Say($"end {run.Id}");
    }

    private async Task<int> RegisterAsync(string name)
    {
        var registration = new ModelRegistration { Model = Model, Package = await package.Value, IdempotencyKey = name };
        var version = await host.Registry.RegisterAsync(registration);
        output.Say($"version {version.Version} {name}");
        return version.Version;
    }

    private async Task MoveAsync(string alias, int version)
    {
        while (true)
        {
            var seen = await host.Registry.FindAliasAsync(Model, alias);
            try
            {
                var moved = await host.Registry.MoveAliasAsync(Model, alias, version, seen, worker);
                output.Say(string.Create(CultureInfo.InvariantCulture, $"alias {alias} {moved.Revision} {seen?.Version ?? 0} {version}"));
                return;
            }
            catch (ConflictException)
            {
                // Somebody else moved it first; look again.
            }
        }
    }
}
