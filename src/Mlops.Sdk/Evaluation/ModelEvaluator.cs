using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>Judges models by paired percentile bootstrap.</summary>
internal sealed class ModelEvaluator(IArtifactStore artifacts, IOptions<EvaluationOptions> options, ILogger<ModelEvaluator> log) : IModelEvaluator
{
    public async Task<GateReport> EvaluateAsync(GatePolicy policy, GateInput input, CancellationToken cancellationToken = default)
    {
        GateGuard.Verify(policy);
        ArgumentNullException.ThrowIfNull(input);
        var threads = options.Value.MaxThreads == 0 ? Environment.ProcessorCount : options.Value.MaxThreads;
        var report = await Task.Run(() => Judge(policy, input, threads, cancellationToken), cancellationToken).ConfigureAwait(false);
        using var content = new MemoryStream(GateReportJson.Write(report), writable: false);
        report = report with { Artifact = await artifacts.PutAsync(content, cancellationToken).ConfigureAwait(false) };
        Log.GateJudged(log, report.Gate, report.Rows, report.Verdict, report.Artifact.Digest.ToString());
        return report;
    }

    public async Task<GateReport?> FindReportAsync(Digest report, CancellationToken cancellationToken = default)
    {
        if (await artifacts.FindAsync(report, cancellationToken).ConfigureAwait(false) is not { } artifact)
        {
            return null;
        }

        using var content = new MemoryStream();
        var stored = await artifacts.OpenReadAsync(report, cancellationToken).ConfigureAwait(false);
        await using (stored.ConfigureAwait(false))
        {
            await stored.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
        }

        return GateReportJson.Read(content.GetBuffer().AsSpan(0, (int)content.Length), report) with { Artifact = artifact };
    }

    private static GateReport Judge(GatePolicy policy, GateInput input, int threads, CancellationToken cancellationToken)
    {
        var labels = Numbers.Copy(input.Labels, nameof(input.Labels));
        Numbers.RequireFinite(labels, nameof(input.Labels));
        var ones = new int[labels.Length];
        Array.Fill(ones, 1);
        var candidate = Score("candidate", nameof(input.Candidate), input.Candidate ?? throw new ArgumentException("Candidate scores are needed.", nameof(input)))!;
        var baseline = Score("baseline", nameof(input.Baseline), input.Baseline);
        var champion = Score("champion", nameof(input.Champion), input.Champion);
        var (clusterOfRow, clusters) = Number(input.Clusters, labels.Length);
        var rows = input.Rows.ToString();
        var seed = GateSeed.Of(policy, rows);
        ScoredModel[] models = [.. new[] { candidate, baseline, champion }.OfType<ScoredModel>()];
        Resample(models);

        var judge = new GateJudge(policy, labels.Length, clusterOfRow is null ? null : clusters);
        GateCheck?[] checks =
        [
            policy.Floor is { } floor ? judge.Floor(candidate, floor) : null,
            policy.BaselineMargin is { } better ? judge.BetterThanBaseline(candidate, baseline, better) : null,
            policy.NonInferiorityMargin is { } worse ? judge.NotWorseThanChampion(candidate, champion, worse) : null,
        ];
        GateCheck[] asked = [.. checks.OfType<GateCheck>()];
        return new()
        {
            Gate = policy.Name,
            Verdict = GateJudge.Overall(asked),
            Metric = policy.Metric.Name,
            Goal = policy.Metric.Goal,
            Confidence = policy.Confidence,
            Resamples = policy.Resamples,
            Seed = seed.ToString("x16", CultureInfo.InvariantCulture),
            Rows = labels.Length,
            Clusters = clusterOfRow is null ? null : clusters,
            Checks = asked,
            Models = [.. models.Select(model => model.Describe(policy.Confidence))],
            Evidence = new(rows, Hash(labels)!, Hash(candidate.Scores)!, Hash(baseline?.Scores), Hash(champion?.Scores), clusterOfRow is null ? null : Numbers.Hash(clusterOfRow.AsSpan()).ToString()),
        };

        ScoredModel? Score(string model, string name, IReadOnlyList<double>? scores)
        {
            if (scores is null)
            {
                return null;
            }

            var copy = Numbers.Copy(scores, name);
            Numbers.RequireLength(copy.Length, labels.Length, name);
            return new ScoredModel(model, labels, copy, policy.Metric, ones);
        }

        void Resample(ScoredModel[] all)
        {
            ScoredModel[] scored = [.. all.Where(model => model.Estimate is not null)];
            if (scored.Length == 0)
            {
                return;
            }

            try
            {
                var values = new Bootstrap(labels.Length, clusterOfRow, clusters, seed)
                    .Run([.. scored.Select(model => model.Metric!)], policy.Resamples, threads, input.Progress, cancellationToken);
                for (var i = 0; i < scored.Length; i++)
                {
                    scored[i].Resamples = values[i];
                }
            }
            catch (AggregateException e) when (e.InnerException is not null)
            {
                // A user's metric or progress threw: let the caller see that exception.
                ExceptionDispatchInfo.Throw(e.InnerException);
            }
        }
    }

    private static string? Hash(double[]? values) => values is null ? null : Numbers.Hash(values.AsSpan()).ToString();

    /// <summary>Numbers clusters by first appearance, so that their names do not matter.</summary>
    private static (int[]? ClusterOfRow, int Clusters) Number(IReadOnlyList<long>? clusters, int rows)
    {
        if (clusters is null)
        {
            return (null, 0);
        }

        Numbers.RequireLength(clusters.Count, rows, nameof(GateInput.Clusters));
        var numbers = new Dictionary<long, int>();
        var clusterOfRow = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            if (!numbers.TryGetValue(clusters[row], out var number))
            {
                numbers.Add(clusters[row], number = numbers.Count);
            }

            clusterOfRow[row] = number;
        }

        return (clusterOfRow, numbers.Count);
    }
}
