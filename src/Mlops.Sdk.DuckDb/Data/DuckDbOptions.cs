using System.Globalization;

namespace Mlops.Sdk.Data;

/// <summary>Options of the DuckDB data engine; section <c>Mlops:DuckDb</c>.</summary>
public sealed class DuckDbOptions
{
    private const int MaxThreads = 1024;
    private static readonly string[] Units = ["KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>The memory that one check may use, with a unit, for example <c>1GB</c>. Default 1 GB.</summary>
    public string MemoryLimit { get; set; } = "1GB";

    /// <summary>The threads of one check. From 1 to 1,024. Default half the cores, at least 1. Files are written by one thread, so that equal rows give equal bytes.</summary>
    public int Threads { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    internal DuckDbOptions Validated()
    {
        if (Threads is < 1 or > MaxThreads)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Mlops:DuckDb:Threads is {Threads}; it is from 1 to {MaxThreads}."));
        }

        return IsSize(MemoryLimit) ? this : throw new ArgumentException($"Mlops:DuckDb:MemoryLimit is '{MemoryLimit}'; say a number with KB, MB, GB, TB, KiB, MiB, GiB or TiB, for example 1GB.");
    }

    private static bool IsSize(string? text)
    {
        var unit = (text ?? "").TrimStart("0123456789.".ToCharArray());
        return double.TryParse((text ?? "")[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && Units.Contains(unit.Trim(), StringComparer.OrdinalIgnoreCase);
    }
}
