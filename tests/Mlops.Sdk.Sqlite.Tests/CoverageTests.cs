using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests;

public sealed class CoverageTests() : ConformanceCoverage(typeof(SqliteMetadataStore).Assembly);
