namespace Mlops.Sdk.Data;

/// <summary>The format of a data set.</summary>
public enum DataFormat
{
    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Text with a header line, RFC 4180. Everything is text until the contract gives it a type; an empty field is null, <c>""</c> is an empty text.</summary>
    Csv,
}

/// <summary>A data set in files: one, several, or a glob over the last part of a path (<c>*</c> and <c>?</c>), read in ordinal order of the names.</summary>
public sealed record DataSource
{
    private DataSource(DataFormat format, IReadOnlyList<string> paths) => (Format, Paths) = (format, paths);

    /// <summary>The format of every file.</summary>
    public DataFormat Format { get; }

    /// <summary>Files and globs, in the order in which they are read.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The delimiter of a CSV file. Default a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Parquet files.</summary>
    public static DataSource Parquet(params string[] paths) => new(DataFormat.Parquet, Named(paths));

    /// <summary>CSV files, all with the same header.</summary>
    public static DataSource Csv(params string[] paths) => new(DataFormat.Csv, Named(paths));

    /// <summary>The full paths of the files, globs expanded.</summary>
    /// <exception cref="NotFoundException">A file is missing, or a glob names none.</exception>
    public IReadOnlyList<string> Files() => [.. Paths.SelectMany(Expand)];

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Paths);

    private static string[] Named(string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Length == 0 || paths.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("Name at least one file, and no empty name.", nameof(paths));
        }

        return [.. paths];
    }

    private static IEnumerable<string> Expand(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return [full];
        }

        var (folder, pattern) = (Path.GetDirectoryName(full), Path.GetFileName(full));
        var files = pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).ToArray() : [];
        return files.Length > 0 ? files : throw new NotFoundException($"The data file '{full}' does not exist. Check the path, or make the file first.") { Store = "files", Operation = "read" };
    }
}
