using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.PostgreSql.Tests;

public sealed class CoverageTests() : ConformanceCoverage(typeof(PostgreSqlDialect).Assembly);
