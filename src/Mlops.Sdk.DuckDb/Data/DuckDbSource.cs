using DuckDB.NET.Data;

namespace Mlops.Sdk.Data;

/// <summary>A data set as DuckDB reads it: the files, the relation and its columns.</summary>
internal sealed class DuckDbSource
{
    private DuckDbSource(DataSource source, IReadOnlyList<string> files, string relation, IReadOnlyList<DataSchemaColumn> columns)
    {
        Source = source;
        Files = files;
        Relation = relation;
        Columns = columns;
    }

    public DataSource Source { get; }

    public IReadOnlyList<string> Files { get; }

    public string Relation { get; }

    public IReadOnlyList<DataSchemaColumn> Columns { get; }

    public static DuckDbSource Open(DuckDbSession session, DataSource source, IReadOnlyList<string> files, DuckDbOptions options)
    {
        var relation = source.Format == DataFormat.Parquet ? Parquet(files) : Csv(source, files);
        try
        {
            var columns = Describe(session, relation);
            if (source.Format == DataFormat.Parquet)
            {
                RequireSameColumns(session, files);
            }

            return new(source, files, relation, columns);
        }
        catch (DuckDBException e) when (!e.Message.StartsWith("INTERRUPT", StringComparison.OrdinalIgnoreCase))
        {
            throw DuckDbErrors.Read(e, source, files, options);
        }
    }

    /// <summary>How each column of the contract is read.</summary>
    /// <exception cref="MlopsException">A column is unknown, or of a type that can never be that of the contract.</exception>
    public IReadOnlyDictionary<string, SourceColumn> Bind(DataContract contract)
    {
        var known = Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        var bound = new Dictionary<string, SourceColumn>(StringComparer.Ordinal);
        foreach (var column in contract.Columns)
        {
            if (!known.TryGetValue(column.Name, out var found))
            {
                throw new MlopsException($"The contract '{contract.Name}' names the column '{column.Name}', which '{Source}' does not have. Its columns are {string.Join(", ", Columns.Select(c => c.Name))}. Correct the [Column] name or the file.") { Store = "duckdb", Operation = "check" };
            }

            var raw = $"s.{Sql.Name(column.Name)}";
            bound[column.Name] = (Source.Format == DataFormat.Csv ? SourceColumn.OfText(raw, column.Type) : SourceColumn.OfTyped(raw, found.Type, column.Type))
                ?? throw new MlopsException($"The column '{column.Name}' of '{Source}' has the type {found.Type}, but the contract '{contract.Name}' says {column.Type}. Correct the type of the property, or write the file with that type.") { Store = "duckdb", Operation = "check" };
        }

        return bound;
    }

    // DuckDB takes the types of the first file and rounds the numbers of the others to them.
    private static void RequireSameColumns(DuckDbSession session, IReadOnlyList<string> files)
    {
        DataSchemaColumn[]? first = null;
        foreach (var file in files.Count > 1 ? files.Distinct(StringComparer.Ordinal) : [])
        {
            var columns = Describe(session, Parquet([file])).OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
            first ??= columns;
            if (first.Zip(columns).FirstOrDefault(p => p.First != p.Second) is ({ } one, { } other))
            {
                throw new MlopsException($"The files '{files[0]}' and '{file}' have different columns: '{one.Name}' ({one.Type}) and '{other.Name}' ({other.Type}). Check them one by one, or write them with one schema.") { Store = "files", Operation = "read" };
            }

            if (first.Length != columns.Length)
            {
                throw new MlopsException($"The files '{files[0]}' and '{file}' have different columns: {first.Length} and {columns.Length}. Check them one by one, or write them with one schema.") { Store = "files", Operation = "read" };
            }
        }
    }

    private static IReadOnlyList<DataSchemaColumn> Describe(DuckDbSession session, string relation) =>
        [.. session.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {relation})").Select(c => new DataSchemaColumn((string)c[0]!, (string)c[1]!))];

    // A folder named year=2001 must not become a column, let alone replace one.
    private static string Parquet(IReadOnlyList<string> files) => $"read_parquet({Sql.Files(files)}, hive_partitioning=false)";

    private static string Csv(DataSource source, IReadOnlyList<string> files)
    {
        var names = CsvHeader.Read(files[0], source.Delimiter);
        foreach (var file in files.Skip(1))
        {
            if (!CsvHeader.Read(file, source.Delimiter).SequenceEqual(names, StringComparer.Ordinal))
            {
                throw new MlopsException($"The files '{files[0]}' and '{file}' have different headers. Check them one by one, or give them one header.") { Store = "files", Operation = "read" };
            }
        }

        var columns = string.Join(", ", names.Select(n => $"{Sql.Text(n)}: 'VARCHAR'"));
        return $"read_csv({Sql.Files(files)}, hive_partitioning=false, auto_detect=false, columns={{{columns}}}, header=true, delim={Sql.Text(source.Delimiter.ToString())}, quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, strict_mode=true)";
    }
}
