using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Registry.Scenarios;

namespace Mlops.Sdk.Tests.Registry;

public sealed class ApprovalTests : ApprovalScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}

public sealed class AliasHistoryTests : AliasHistoryScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}

public sealed class RebuildTests : RebuildScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}

public sealed class WatchTests : WatchScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}

public sealed class CatalogTests : CatalogScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}

public sealed class BadInputTests : BadInputScenario
{
    private readonly InMemoryMetadataStore store = new();

    protected override IMetadataStore Open() => store;
}
