using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

public sealed class InMemoryMetadataStoreTests : MetadataStoreConformance
{
    protected override async Task<IMetadataStore> CreateAsync()
    {
        var store = new InMemoryMetadataStore();
        await store.OpenAsync(Token);
        return store;
    }

    [Fact]
    public async Task The_stores_clock_grows_while_the_systems_stands_still()
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var store = new InMemoryMetadataStore(clock);
        var first = await store.CommitAsync(new(MlopsId.New(), "ada", [New("a")]), Token);
        var second = await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Touch(Id("a"))]), Token);
        second.At.Should().Be(first.At.AddMicroseconds(1));
        (await store.FindAsync([Id("a")], cancellationToken: Token))[0]!.AsOf.Should().Be(second.At);
    }

    [Fact]
    public async Task The_stores_clock_grows_while_the_systems_goes_back()
    {
        var clock = new SetBack { Now = DateTimeOffset.UnixEpoch.AddYears(50) };
        var store = new InMemoryMetadataStore(clock);
        var last = await store.CommitAsync(new(MlopsId.New(), "ada", [New("a")]), Token);
        foreach (var hours in new[] { -1, -10_000, 0, -3 })
        {
            clock.Now = DateTimeOffset.UnixEpoch.AddYears(50).AddHours(hours);
            var next = await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Touch(Id("a"))]), Token);
            next.At.Should().Be(last.At.AddMicroseconds(1));
            (await store.QueryAsync(new("thing"), Token)).AsOf.Should().Be(next.At);
            last = next;
        }
    }

    private sealed class SetBack : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
