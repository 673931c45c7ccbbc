using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.AotApp;

internal sealed record CountOptions(IReadOnlyList<string> Words);

internal sealed record Counted(int Total, Digest Package);

internal sealed class Count(IStepRef<Length> length, IStepRef<Sum> sum) : IPipeline<CountOptions, Counted>
{
    public async Task<Counted> RunAsync(CountOptions options, IPipelineRun run, CancellationToken cancellationToken) =>
        await run.StepAsync(sum, await run.ForEachAsync(length, options.Words, cancellationToken), cancellationToken);
}

[Step("length")]
internal sealed class Length : IStep<string, int>
{
    public Task<int> RunAsync(string input, StepContext context, CancellationToken cancellationToken) => Task.FromResult(input.Length);
}

[Step("sum")]
internal sealed class Sum(IArtifactStore artifacts) : IStep<IReadOnlyList<int>, Counted>
{
    public async Task<Counted> RunAsync(IReadOnlyList<int> input, StepContext context, CancellationToken cancellationToken)
    {
        var package = await new ModelPackageBuilder("sum").AddFile("model/total.txt", BitConverter.GetBytes(input.Sum())).SaveAsync(artifacts, cancellationToken);
        return new(input.Sum(), package.Package);
    }
}
