using Mlops.Sdk;

namespace MariaDbStore.Tests;

public sealed class CoverageTests() : ConformanceCoverage(typeof(MariaDbDialect).Assembly);
