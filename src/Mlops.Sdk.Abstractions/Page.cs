namespace Mlops.Sdk;

/// <summary>One page of a listing.</summary>
/// <param name="Items">The items, in the order of the query.</param>
/// <param name="Next">An opaque token for the next page, or null when this was the last.</param>
/// <param name="AsOf">The store's clock when the page was read.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, DateTimeOffset AsOf);
