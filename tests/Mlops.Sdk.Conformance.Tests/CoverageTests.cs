using CustomMetadataStore;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests;

public sealed class CoverageTests() : ConformanceCoverage(typeof(InMemoryMetadataStore).Assembly, typeof(JournalMetadataStore).Assembly)
{
    [Fact]
    public void A_forgotten_suite_is_named() =>
        Missing(typeof(JournalMetadataStore).Assembly, typeof(JournalMetadataStore).Assembly).Should().ContainSingle()
            .Which.Should().Contain("JournalMetadataStore implements IMetadataStore").And.Contain("MetadataStoreConformance");

    [Fact]
    public void Every_shipped_suite_is_looked_for() =>
        typeof(ConformanceCoverage).Assembly.GetExportedTypes().Where(t => t.IsAbstract && t.Name.EndsWith("Conformance", StringComparison.Ordinal)).Should().BeEquivalentTo(Suites.Values);
}
