namespace Mlops.Sdk.Data;

/// <summary>The two files of a check, both whole before the first is published.</summary>
internal sealed class QuarantineOutput : IDisposable
{
    public QuarantineOutput(QuarantineOptions options, IReadOnlyList<string> inputs)
    {
        string?[] paths = [options.ValidPath is null ? null : Path.GetFullPath(options.ValidPath), options.QuarantinePath is null ? null : Path.GetFullPath(options.QuarantinePath)];
        if (paths[0] == paths[1] || paths.Any(p => p is not null && inputs.Contains(p, StringComparer.Ordinal)))
        {
            throw new ArgumentException($"'{paths[0]}' and '{paths[1]}' must be two files, and neither may be an input.", nameof(options));
        }

        if (paths.FirstOrDefault(Directory.Exists) is { } folder)
        {
            throw new ArgumentException($"'{folder}' is a folder. Name a file.", nameof(options));
        }

        if (paths[0] is { } first && !IsParquet(first))
        {
            throw new ArgumentException($"'{first}' must end in .parquet.", nameof(options));
        }

        BrokenIsCsv = paths[1] is { } second && Path.GetExtension(second).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        if (paths[1] is { } other && !BrokenIsCsv && !IsParquet(other))
        {
            throw new ArgumentException($"'{other}' must end in .parquet or .csv.", nameof(options));
        }

        Name = string.Join("' and '", paths.Where(p => p is not null));
        Valid = paths[0] is { } valid ? new DurableFile(valid) : null;
        Broken = paths[1] is { } broken ? new DurableFile(broken) : null;
    }

    public DurableFile? Valid { get; }

    public DurableFile? Broken { get; }

    public bool BrokenIsCsv { get; }

    /// <summary>Both paths, for messages.</summary>
    public string Name { get; }

    public IEnumerable<string> TemporaryPaths => new[] { Valid, Broken }.OfType<DurableFile>().Select(f => f.TemporaryPath);

    public (DataFile? Valid, DataFile? Broken) Publish()
    {
        var files = (Valid?.Flush(), Broken?.Flush());
        Valid?.Publish();
        Broken?.Publish();
        return files;
    }

    public void Dispose()
    {
        Valid?.Dispose();
        Broken?.Dispose();
    }

    private static bool IsParquet(string path) => Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);
}
