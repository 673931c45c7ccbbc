namespace Mlops.Sdk.Data;

/// <summary>What a data set holds.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The columns, in the order of the file.</param>
public sealed record DataSchema(long Rows, IReadOnlyList<DataSchemaColumn> Columns);

/// <summary>One column of a data set.</summary>
/// <param name="Name">The name, as the file spells it.</param>
/// <param name="Type">The type in the engine's words, for example <c>BIGINT</c>.</param>
public sealed record DataSchemaColumn(string Name, string Type);
