using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Tracking.Scenarios;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class InMemoryRunOwnershipTests() : RunOwnershipScenarios(new Memory());

public sealed class InMemoryRunTreeTests() : RunTreeScenarios(new Memory());

public sealed class InMemoryMetricBufferTests() : MetricBufferScenarios(new Memory());

public sealed class InMemoryRunSearchTests() : RunSearchScenarios(new Memory());

public sealed class InMemorySearchOracleTests() : SearchOracleScenarios(new Memory());

public sealed class InMemorySearchFuzzTests() : SearchFuzzScenarios(new Memory());

public sealed class InMemoryRunReadingTests() : RunReadingScenarios(new Memory());

public sealed class InMemoryBadInputTests() : BadInputScenarios(new Memory());

/// <summary>One store in memory.</summary>
internal sealed class Memory : ITrackingPlace
{
    private IMetadataStore? store;

    public IMetadataStore Open(TimeProvider clock) => store ??= new InMemoryMetadataStore(clock);

    public void Dispose()
    {
    }
}
