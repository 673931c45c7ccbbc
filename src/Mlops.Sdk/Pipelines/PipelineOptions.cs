using System.Text.Json.Serialization.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>Options of all pipelines of a host; section <c>Pipelines</c> of what is handed to <c>AddMlops</c>. Validated at host start.</summary>
public sealed class PipelineOptions
{
    private readonly List<IJsonTypeInfoResolver> resolvers = [];

    /// <summary>The shortest wait before the second attempt of a step; it doubles with every further one, with jitter. Default 1 second, at most a day.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. Default 1 minute.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time between two progress events of one attempt; what comes faster is dropped, except the first and a fraction of 1. Default 250 milliseconds.</summary>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether every artifact that a cached output refers to is read to the end and checked before the output is used; else only that it exists with its length. Default true.</summary>
    public bool VerifyArtifacts { get; set; } = true;

    /// <summary>Says how values of steps are written, before reflection is asked: a source-generated <c>JsonSerializerContext</c>, needed in a host that is trimmed or compiled ahead of time.</summary>
    public void AddTypeInfoResolver(IJsonTypeInfoResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        resolvers.Add(resolver);
    }

    internal IReadOnlyList<IJsonTypeInfoResolver> GetTypeInfoResolvers() => resolvers;
}
