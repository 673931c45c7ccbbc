namespace Mlops.Sdk.Metadata;

/// <summary>How lineage is exported as OpenLineage events.</summary>
public sealed record OpenLineageOptions
{
    /// <summary>The namespace of the jobs and data sets; null for <c>mlops.</c> and the workspace. Two stores that report to one server need two.</summary>
    public string? Namespace { get; init; }

    /// <summary>The URI of whoever says this, for example your service's. Default <c>urn:mlops-sdk</c>.</summary>
    public Uri Producer { get; init; } = new("urn:mlops-sdk");
}
