using Mlops.Sdk.Metadata;
using Mlops.Sdk.Sqlite.Tests.Metadata;
using Mlops.Sdk.Tests.Registry.Scenarios;

namespace Mlops.Sdk.Sqlite.Tests.Registry;

/// <summary>The scenarios with every host on a store of its own over one file, as processes have it.</summary>
public sealed class SqliteApprovalTests : ApprovalScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}

public sealed class SqliteAliasHistoryTests : AliasHistoryScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}

public sealed class SqliteRebuildTests : RebuildScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}

public sealed class SqliteWatchTests : WatchScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}

public sealed class SqliteCatalogTests : CatalogScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}

public sealed class SqliteBadInputTests : BadInputScenario
{
    private readonly TemporaryDatabase database = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IMetadataStore Open() => database.Store();
}
