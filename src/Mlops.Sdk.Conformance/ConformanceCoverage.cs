using System.Reflection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Xunit;

namespace Mlops.Sdk;

/// <summary>
/// Derive one public class from it in the test project of a provider, so that a suite cannot be forgotten: it fails when an assembly of the provider implements a seam, and the test project derives no suite of that seam.
/// <code>public sealed class Coverage() : ConformanceCoverage(typeof(MyMetadataStore).Assembly);</code>
/// </summary>
/// <param name="providers">The assemblies whose public types are looked at.</param>
public abstract class ConformanceCoverage(params Assembly[] providers)
{
    /// <summary>The suite of each seam that has one.</summary>
    public static IReadOnlyDictionary<Type, Type> Suites { get; } = new Dictionary<Type, Type>
    {
        [typeof(IMetadataStore)] = typeof(MetadataStoreConformance),
        [typeof(IArtifactStore)] = typeof(ArtifactStoreConformance),
    };

    /// <summary>Fails for every seam that a provider implements and the test project does not test.</summary>
    [Fact]
    public void Every_implemented_seam_has_its_suite()
    {
        var missing = Missing(GetType().Assembly, providers).ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>One sentence for each implementation whose suite the test assembly does not derive.</summary>
    public static IEnumerable<string> Missing(Assembly tests, params IEnumerable<Assembly> providers)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var derived = tests.GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false }).ToList();
        return
            from provider in providers
            from type in provider.GetExportedTypes()
            where type is { IsClass: true, IsAbstract: false }
            from suite in Suites
            where suite.Key.IsAssignableFrom(type) && !derived.Exists(suite.Value.IsAssignableFrom)
            select $"{type.FullName} implements {suite.Key.Name}, but {tests.GetName().Name} has no public class that derives from {suite.Value.Name}.";
    }
}
