using System.Reflection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Xunit;

namespace Mlops.Sdk;

/// <summary>
/// Derive one public class from it in the test project of a provider, so that no suite can be forgotten: it fails when an assembly of the provider implements a seam more often than the test project derives its suite.
/// Internal types count too, and a dialect counts as a metadata store.
/// <code>public sealed class Coverage() : ConformanceCoverage(typeof(MyMetadataStore).Assembly);</code>
/// </summary>
/// <param name="providers">The assemblies that implement seams.</param>
public abstract class ConformanceCoverage(params Assembly[] providers)
{
    /// <summary>The suite of each seam that has one.</summary>
    public static IReadOnlyDictionary<Type, Type> Suites { get; } = new Dictionary<Type, Type>
    {
        [typeof(IMetadataStore)] = typeof(MetadataStoreConformance),
        [typeof(ISqlDialect)] = typeof(MetadataStoreConformance),
        [typeof(IArtifactStore)] = typeof(ArtifactStoreConformance),
    };

    /// <summary>Implementations that need no suite here, for example because they only pass calls on, or are tested by another project; none by default. Give the reason in a comment.</summary>
    protected virtual IReadOnlyCollection<Type> TestedElsewhere => [];

    /// <summary>Fails for every seam that a provider implements and the test project does not test.</summary>
    [Fact]
    public void Every_implemented_seam_has_its_suite()
    {
        var missing = Missing(GetType().Assembly, providers, TestedElsewhere).ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>One sentence for each suite that the test assembly derives less often than its seam is implemented.</summary>
    /// <param name="tests">The test assembly; only its public classes are run by xunit, and only they count.</param>
    /// <param name="providers">The assemblies that implement seams.</param>
    /// <param name="testedElsewhere">Implementations that do not count.</param>
    public static IEnumerable<string> Missing(Assembly tests, IEnumerable<Assembly> providers, IEnumerable<Type>? testedElsewhere = null)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(providers);
        var elsewhere = (testedElsewhere ?? []).ToHashSet();
        var implementations = providers.SelectMany(Types).Where(t => t is { IsClass: true, IsAbstract: false } && !elsewhere.Contains(t)).ToList();
        foreach (var suite in Suites.GroupBy(s => s.Value, s => s.Key))
        {
            var implementing = implementations.Where(t => suite.Any(seam => seam.IsAssignableFrom(t))).ToList();
            var derived = tests.GetExportedTypes().Count(t => t is { IsClass: true, IsAbstract: false } && suite.Key.IsAssignableFrom(t));
            if (derived < implementing.Count)
            {
                yield return $"{string.Join(", ", implementing.Select(t => t.FullName))} implement{(implementing.Count == 1 ? "s" : "")} {string.Join(" or ", suite.Select(s => s.Name))}, but {tests.GetName().Name} has "
                    + $"{(derived == 0 ? "no public class" : $"only {derived} public class{(derived == 1 ? "" : "es")}")} that derive{(derived < 2 ? "s" : "")} from {suite.Key.Name}. Derive one for each, or name it in TestedElsewhere.";
            }
        }
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            // Some types need an optional dependency that the tests do not have.
            return e.Types.OfType<Type>();
        }
    }
}
