using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.StoreWorker;

/// <summary>Names a store in one text, so that it can be handed to another process: <c>sqlite:PATH</c>.</summary>
public static class StoreAddress
{
    /// <summary>Opens nothing yet.</summary>
    public static IMetadataStore Store(string address) => address.Split(':', 2) switch
    {
        ["sqlite", var path] => new SqliteMetadataStore(new() { Path = path }),
        _ => throw new ArgumentException($"'{address}' names no store that this program knows; use sqlite:PATH."),
    };
}
