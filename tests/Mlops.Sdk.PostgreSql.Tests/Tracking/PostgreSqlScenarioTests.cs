using Mlops.Sdk.Metadata;
using Mlops.Sdk.PostgreSql.Tests.Metadata;
using Mlops.Sdk.TestServers;
using Mlops.Sdk.Tests.Tracking.Scenarios;

namespace Mlops.Sdk.PostgreSql.Tests.Tracking;

public sealed class PostgreSqlSearchOracleTests(PostgreSqlServer server) : SearchOracleScenarios(new Schema(server));

public sealed class PostgreSqlSearchFuzzTests(PostgreSqlServer server) : SearchFuzzScenarios(new Schema(server));

/// <summary>A schema of its own.</summary>
internal sealed class Schema(PostgreSqlServer server) : ITrackingPlace
{
    private readonly TestSchema schema = new(server);

    public IMetadataStore Open(TimeProvider clock) => schema.Store(clock: clock);

    public void Dispose() => schema.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
