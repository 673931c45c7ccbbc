namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Read-only views for people with a SQL client.</summary>
internal static class SqlViews
{
    public static IEnumerable<string> Create(ISqlDialect dialect)
    {
        _ = dialect;
        return [];
    }
}
