using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Tracking.Scenarios;

namespace Mlops.Sdk.Sqlite.Tests.Tracking;

public sealed class SqliteRunOwnershipTests() : RunOwnershipScenarios(new DatabaseFile());

public sealed class SqliteRunTreeTests() : RunTreeScenarios(new DatabaseFile());

public sealed class SqliteMetricBufferTests() : MetricBufferScenarios(new DatabaseFile());

public sealed class SqliteRunSearchTests() : RunSearchScenarios(new DatabaseFile());

public sealed class SqliteSearchOracleTests() : SearchOracleScenarios(new DatabaseFile());

public sealed class SqliteSearchFuzzTests() : SearchFuzzScenarios(new DatabaseFile());

public sealed class SqliteRunReadingTests() : RunReadingScenarios(new DatabaseFile());

public sealed class SqliteBadInputTests() : BadInputScenarios(new DatabaseFile());

/// <summary>A database file that is deleted with its folder.</summary>
internal sealed class DatabaseFile : ITrackingPlace
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-tracking-");

    public IMetadataStore Open(TimeProvider clock) => new SqliteMetadataStore(new() { Path = Path.Combine(folder.FullName, "mlops.db") }, clock);

    public void Dispose() => folder.Delete(recursive: true);
}
