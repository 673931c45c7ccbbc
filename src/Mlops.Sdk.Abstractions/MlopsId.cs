namespace Mlops.Sdk;

/// <summary>The one generator of identifiers: time-ordered (UUID version 7), so that ids of one kind sort by creation.</summary>
public static class MlopsId
{
    /// <summary>A new identifier. Unique across processes and machines; ids made later by one process compare greater, up to one millisecond.</summary>
    public static Guid New() => Guid.CreateVersion7();

    /// <summary>A new identifier as 32 lower-case hexadecimal digits, the form in which it becomes an entity key.</summary>
    public static string NewKey() => New().ToString("N");
}
