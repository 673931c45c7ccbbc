namespace Mlops.Sdk.Evaluation;

/// <summary>Draws resamples of rows or of whole clusters and computes every model on the same ones: a paired bootstrap.</summary>
internal sealed class Bootstrap(int rows, int[]? clusterOfRow, int clusters, ulong seed)
{
    private const int ProgressReports = 100;

    /// <summary>The value of each model on each resample, as <c>[model][resample]</c>.</summary>
    public double[][] Run(IReadOnlyList<IPreparedMetric> models, int resamples, int threads, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var values = models.Select(_ => new double[resamples]).ToArray();
        var done = 0;
        Parallel.For(
            0,
            resamples,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            () => (Counts: new int[rows], Drawn: new int[clusters]),
            (resample, _, buffer) =>
            {
                Draw(resample, buffer.Counts, buffer.Drawn);
                for (var m = 0; m < models.Count; m++)
                {
                    values[m][resample] = models[m].Compute(buffer.Counts);
                }

                if (progress is not null)
                {
                    var finished = Interlocked.Increment(ref done);
                    if (finished * (long)ProgressReports / resamples != (finished - 1) * (long)ProgressReports / resamples)
                    {
                        progress.Report((double)finished / resamples);
                    }
                }

                return buffer;
            },
            static _ => { });
        return values;
    }

    private void Draw(int resample, int[] counts, int[] drawn)
    {
        var random = new ResampleRandom(seed, resample);
        var target = clusterOfRow is null ? counts : drawn;
        Array.Clear(target);
        for (var i = 0; i < target.Length; i++)
        {
            target[random.Next(target.Length)]++;
        }

        if (clusterOfRow is not null)
        {
            for (var row = 0; row < counts.Length; row++)
            {
                counts[row] = drawn[clusterOfRow[row]];
            }
        }
    }
}
