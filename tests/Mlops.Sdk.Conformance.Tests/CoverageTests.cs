using CustomMetadataStore;
using Mlops.Sdk.Conformance.Tests.Metadata;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;

namespace Mlops.Sdk.Conformance.Tests;

public sealed class CoverageTests() : ConformanceCoverage(typeof(InMemoryMetadataStore).Assembly, typeof(JournalMetadataStore).Assembly)
{
    // It is nothing without a dialect, and each dialect's project runs the suite on it.
    protected override IReadOnlyCollection<Type> TestedElsewhere => [typeof(RelationalMetadataStore)];

    [Fact]
    public void A_forgotten_suite_is_named() =>
        Missing(typeof(JournalMetadataStore).Assembly, [typeof(JournalMetadataStore).Assembly]).Should().ContainSingle()
            .Which.Should().Contain("JournalMetadataStore implements IMetadataStore").And.Contain("no public class").And.Contain("MetadataStoreConformance");

    [Fact]
    public void A_second_store_without_a_suite_of_its_own_is_named() =>
        Missing(typeof(CoverageTests).Assembly, [typeof(InMemoryMetadataStore).Assembly, typeof(JournalMetadataStore).Assembly]).Should().ContainSingle()
            .Which.Should().Contain("RelationalMetadataStore").And.Contain("only 2 public classes").And.Contain("TestedElsewhere");

    [Fact]
    public void Internal_stores_count_and_nested_suites_do_not()
    {
        var tests = typeof(CoverageTests).Assembly;
        Missing(tests, [tests]).Should().Contain(s => s.Contains(nameof(LosesLateCommits), StringComparison.Ordinal));
        Missing(tests, [tests], tests.GetTypes()).Should().BeEmpty();
    }

    [Fact]
    public void Every_shipped_suite_is_looked_for() =>
        typeof(ConformanceCoverage).Assembly.GetExportedTypes().Where(t => t.IsAbstract && t.Name.EndsWith("Conformance", StringComparison.Ordinal)).Should().BeEquivalentTo(Suites.Values.Distinct());
}
