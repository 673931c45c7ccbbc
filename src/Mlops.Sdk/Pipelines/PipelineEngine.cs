using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Pipelines;

/// <summary>What every run of every pipeline shares.</summary>
internal sealed class PipelineEngine(
    IServiceScopeFactory scopes,
    IEnumerable<StepOverride> overrides,
    IOptions<PipelineOptions> options,
    ValueCodec codec,
    StepCodeReader code,
    StepLedger steps,
    RunLedger runs,
    IArtifactStore artifacts,
    PipelineTelemetry telemetry,
    TimeProvider time,
    ILogger<PipelineEngine> log,
    IHostApplicationLifetime? lifetime = null)
{
    private readonly ConcurrentDictionary<string, (Type Step, Type Contract)> identities = new(StringComparer.Ordinal);

    public IServiceScopeFactory Scopes => scopes;

    public IEnumerable<StepOverride> Overrides => overrides;

    public PipelineOptions Options { get; } = options.Value;

    public ValueCodec Codec => codec;

    public StepCodeReader Code => code;

    public StepLedger Steps => steps;

    public RunLedger Runs => runs;

    public IArtifactStore Artifacts => artifacts;

    public PipelineTelemetry Telemetry => telemetry;

    public TimeProvider Time => time;

    public ILogger Log => log;

    /// <summary>Fires when the host begins to shut down; never, where there is no host.</summary>
    public CancellationToken Stopping => lifetime?.ApplicationStopping ?? CancellationToken.None;

    /// <summary>One name in keys is one class with one input and one output, or one step would be given the results of another.</summary>
    public void Claim(StepDeclaration step, Type contract)
    {
        var (type, known) = identities.GetOrAdd(step.Identity, (step.Type, contract));
        if (type != step.Type)
        {
            throw new InvalidOperationException($"The steps {type} and {step.Type} both declare the name '{step.Name}', so that each would be given the results of the other. Give one of them another name.");
        }

        if (known != contract)
        {
            throw new InvalidOperationException($"The step {step.Type} implements both {NotCanonicalException.NameOf(known)} and {NotCanonicalException.NameOf(contract)}; a step implements exactly one. Make two classes of it.");
        }
    }

    /// <summary>Stores how something ended although its token is cancelled, for at most ten seconds. What cannot be stored is logged: the outcome that the caller sees stands.</summary>
    public async Task RecordEndAsync(string what, Func<CancellationToken, Task> store)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        try
        {
            await store(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Pipelines.Log.EndNotStored(log, e, what);
        }
    }
}
