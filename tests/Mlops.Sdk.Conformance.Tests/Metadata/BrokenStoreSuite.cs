using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>The suite over a store that is made by a function, for stores that must be rejected and for an honest one.</summary>
public sealed class BrokenStoreSuite
{
    [Fact]
    public async Task A_wrapper_that_breaks_nothing_passes_every_fact()
    {
        foreach (var fact in SuiteRunner.Facts(typeof(Suite)))
        {
            (await SuiteRunner.FailureAsync(() => new Suite(() => new WrappedStore()), fact)).Should().BeNull($"{fact} must not blame an honest store");
        }
    }

    internal static Task RejectsAsync<TStore>(params string[] facts)
        where TStore : WrappedStore, new() => RejectsAsync<TStore>(facts, []);

    /// <summary>The suite fails at the facts that are broken, and not at those beside them that the store gets right.</summary>
    internal static async Task RejectsAsync<TStore>(string[] broken, string[] right)
        where TStore : WrappedStore, new()
    {
        foreach (var fact in broken)
        {
            (await SuiteRunner.FailureAsync(() => new Suite(() => new TStore()), fact)).Should().NotBeNull($"{fact} must reject {typeof(TStore).Name}");
        }

        foreach (var fact in right.Append(nameof(MetadataStoreConformance.Entities_are_found_in_the_order_asked_for)))
        {
            (await SuiteRunner.FailureAsync(() => new Suite(() => new TStore()), fact)).Should().BeNull($"what the store does right must pass, and {typeof(TStore).Name} does {fact}");
        }
    }

    private sealed class Suite(Func<WrappedStore> make) : MetadataStoreConformance
    {
        protected override Task<IMetadataStore> CreateAsync() => Task.FromResult<IMetadataStore>(make());

        protected override Task<IMetadataStore?> ShareAsync(IMetadataStore store, TimeProvider clock) => Task.FromResult<IMetadataStore?>(((WrappedStore)store).Share(clock));
    }
}
