using System.Text;
using FlightDelay.Features;
using FlightDelay.Training;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace FlightDelay.Steps;

/// <summary>What to fit to which rows.</summary>
public sealed record FitRequest(FeatureRows Train, Trainer Trainer);

/// <summary>A fitted candidate. With its files in the output, a damaged one is noticed, and the candidate is fitted again.</summary>
public sealed record FittedCandidate(Trainer Trainer, Digest Package, Digest ModelDigest, IReadOnlyList<ArtifactRef> Files);

/// <summary>Fits one candidate. Everything random in it comes from the seed of the step, and one thread does the work, so that equal runs give equal models.</summary>
[Step("fit", Environment = ["Microsoft.ML.Core", "Microsoft.ML.FastTree", "Microsoft.ML.StandardTrainers"])]
public sealed class FitCandidate(IArtifactStore artifacts) : IStep<FitRequest, FittedCandidate>
{
    private const int GoldenRows = 5;

    public async Task<FittedCandidate> RunAsync(FitRequest input, StepContext context, CancellationToken cancellationToken)
    {
        context.Progress.Report(new(double.NaN, input.Trainer.ToString()));
        var rows = await FeatureFile.ReadAsync(artifacts, input.Train.File, cancellationToken);
        var ml = new MLContext(context.Seed);
        var data = ml.Data.LoadFromEnumerable(rows);

        // ML.NET cannot be stopped, but nobody has to wait for it.
        var model = await Task.Run(() => Trainers.Create(ml, input.Trainer, context.Seed).Fit(data), cancellationToken).WaitAsync(cancellationToken);
        var package = await MLNetModel.SaveAsync<FlightFeatures, LatePrediction>(
            artifacts,
            ml,
            model,
            data.Schema,
            rows.Where((_, i) => i % (rows.Count / GoldenRows) == 0).Take(GoldenRows),
            new()
            {
                Contract = Encoding.UTF8.GetBytes(FlightFeatures.Contract.ToJson()),
                Datasets = [new("training", input.Train.File.Digest, input.Train.Rows)],
            },
            cancellationToken);
        var manifest = (await ModelPackage.OpenAsync(artifacts, package.Package, cancellationToken)).Manifest;
        return new(input.Trainer, package.Package, package.ModelDigest, [.. manifest.Files.Select(f => new ArtifactRef(f.Digest, f.Length))]);
    }
}
