using Mlops.Sdk;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Data;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>A data file by its path and its content, so that a changed file is loaded again. What follows knows only the content: a file that has moved costs this one step.</summary>
public sealed record FlightSource(string Path, DataFormat Format, Digest Digest);

/// <summary>The file, kept in the artifact store.</summary>
public sealed record LoadedFlights(ArtifactRef File, string Name, DataFormat Format, long Rows);

/// <summary>Keeps the data file, so that the run can be repeated when the file is gone, and sees whether it can be read.</summary>
[Step("load")]
public sealed class LoadFlights(IDataEngine engine, ArtifactFiles files) : IStep<FlightSource, LoadedFlights>
{
    private static readonly HashSet<string> Readable = new([".parquet", ".csv"], StringComparer.OrdinalIgnoreCase);

    public async Task<LoadedFlights> RunAsync(FlightSource input, StepContext context, CancellationToken cancellationToken)
    {
        var schema = await engine.DescribeAsync(Source(input.Format, input.Path), cancellationToken);
        var file = await files.StoreAsync(input.Path, cancellationToken);
        return file.Digest == input.Digest
            ? new(file, Path.GetFileName(input.Path), input.Format, schema.Rows)
            : throw new MlopsException($"The file {input.Path} was changed while it was read. Run again when it is complete.");
    }

    /// <summary>Parquet or comma-separated text, by its extension.</summary>
    public static async Task<FlightSource> SourceAsync(string path, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
        {
            throw new MlopsException($"{path} is a directory. Name a .parquet or .csv file with --data.");
        }

        if (File.Exists(path) && !Readable.Contains(Path.GetExtension(path)))
        {
            throw new MlopsException($"{path}: only .parquet and .csv files can be read. Name one with --data.");
        }

        var format = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? DataFormat.Csv : DataFormat.Parquet;
        return new(path, format, await Source(format, path).DigestAsync(cancellationToken));
    }

    internal static DataSource Source(DataFormat format, string path) => format == DataFormat.Csv ? DataSource.Csv(path) : DataSource.Parquet(path);
}
