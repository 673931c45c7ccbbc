using System.Globalization;

namespace Mlops.Sdk.Data;

/// <summary>Options of the DuckDB data engine; section <c>Mlops:DuckDb</c>.</summary>
public sealed class DuckDbOptions
{
    /// <summary>The memory that one check may use, with a unit, for example <c>1GB</c>. Default 1 GB.</summary>
    public string MemoryLimit { get; set; } = "1GB";

    /// <summary>The threads of one check. Default half the cores, at least 1. Files are written by one thread, so that equal rows give equal bytes.</summary>
    public int Threads { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    internal DuckDbOptions Validated()
    {
        if (Threads < 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Mlops:DuckDb:Threads is {Threads}; it must be at least 1."));
        }

        return string.IsNullOrWhiteSpace(MemoryLimit) ? throw new ArgumentException("Mlops:DuckDb:MemoryLimit is empty; say for example 1GB.") : this;
    }
}
