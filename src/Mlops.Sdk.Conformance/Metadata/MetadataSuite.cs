using System.Text;
using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>What the parts of <see cref="MetadataStoreConformance"/> share: the store under test, and short forms for talking to it.</summary>
public abstract class MetadataSuite : IAsyncLifetime
{
    private readonly List<IMetadataStore> hosts = [];
    private IMetadataStore? store;

    /// <summary>The store under test: opened and empty when a fact begins.</summary>
    protected IMetadataStore Store => store ?? throw new InvalidOperationException("The fact was not initialized.");

    /// <summary>Makes an opened, empty store. Called once for each fact, and once for each sequence of the random one; the suite disposes what is disposable.</summary>
    protected abstract Task<IMetadataStore> CreateAsync();

    /// <summary>Closes a store and opens the same data again; null, which is the default, when the data does not outlive the store.</summary>
    /// <param name="store">The store, which the suite does not use any more.</param>
    protected virtual Task<IMetadataStore?> ReopenAsync(IMetadataStore store) => Task.FromResult<IMetadataStore?>(null);

    /// <summary>
    /// Opens a further instance on the data of a store that stays open, as another host would; null, which is the default, when one instance at a time is all that the store allows.
    /// Without it the facts about writers of several hosts run on one instance, and those that need two are skipped. The suite disposes what is disposable.
    /// </summary>
    /// <param name="store">The store under test.</param>
    /// <param name="clock">The clock of that host, which may be wrong. For a store that takes its time from the host; one whose database has a clock leaves it alone.</param>
    protected virtual Task<IMetadataStore?> ShareAsync(IMetadataStore store, TimeProvider clock) => Task.FromResult<IMetadataStore?>(null);

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => store = await CreateAsync();

    /// <summary>Disposes the store. Override to remove files, and call the base first.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await CloseAsync();
    }

    /// <summary>Goes on with another empty store.</summary>
    protected async Task RenewAsync()
    {
        await CloseAsync();
        store = await CreateAsync();
    }

    private async Task CloseAsync()
    {
        foreach (var host in hosts)
        {
            await DisposeAsync(host);
        }

        hosts.Clear();
        await DisposeAsync(store);
    }

    private static async Task DisposeAsync(IMetadataStore? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    /// <summary>How many times the default number of random cases runs: the environment variable MLOPS_TEST_SCALE, 1 when it is not set.</summary>
    protected static int Scale => int.TryParse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE"), System.Globalization.CultureInfo.InvariantCulture, out var scale) && scale > 0 ? scale : 1;

    /// <summary>Cancelled when the run is aborted.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An id of the kind that the facts use.</summary>
    protected static EntityId Id(string key) => new("thing", key);

    /// <summary>A body holding a text.</summary>
    protected static EntityBody Body(string text = "{}", int version = 1) => new(version, Encoding.UTF8.GetBytes(text));

    /// <summary>A creation in the kind that the facts use.</summary>
    protected static Change.Create New(string key, params (string Name, AttributeValue Value)[] attributes) =>
        new(Id(key), Body()) { Attributes = attributes.ToDictionary(a => a.Name, a => a.Value) };

    /// <summary>Commits under a new changeset id.</summary>
    protected Task<CommitResult> TryAsync(params Change[] changes) => TryAsync(Store, changes);

    /// <summary>Commits through one of several instances under a new changeset id.</summary>
    protected static Task<CommitResult> TryAsync(IMetadataStore host, params Change[] changes)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.CommitAsync(new(MlopsId.New(), "ada", changes), Token);
    }

    /// <summary>Commits under a new changeset id, and expects no conflict.</summary>
    protected Task<CommitResult> CommitAsync(params Change[] changes) => CommitAsync(Store, changes);

    /// <summary>Commits through one of several instances under a new changeset id, and expects no conflict.</summary>
    protected static async Task<CommitResult> CommitAsync(IMetadataStore host, params Change[] changes)
    {
        var result = await TryAsync(host, changes);
        Assert.True(result.Committed, $"Expected a commit, found {string.Join(", ", result.Conflicts)}.");
        return result;
    }

    /// <summary>Commits under a new changeset id, expects exactly one conflict, and returns it.</summary>
    protected async Task<Conflict> ConflictAsync(params Change[] changes)
    {
        var result = await TryAsync(changes);
        Assert.False(result.Committed, "Expected a conflict, but the changeset was committed.");
        Assert.Equal(0, result.Position);
        Assert.Empty(result.Created);
        return Assert.Single(result.Conflicts);
    }

    /// <summary>Reads one entity with all its parts, or null.</summary>
    protected async Task<Entity?> FindAsync(EntityId id) => Assert.Single(await Store.FindAsync([id], EntityParts.Body | EntityParts.Attributes, Token));

    /// <summary>Reads one entity with all its parts.</summary>
    protected async Task<Entity> GetAsync(EntityId id)
    {
        var entity = await FindAsync(id);
        Assert.True(entity is not null, $"{id} is not there.");
        return entity;
    }

    /// <summary>The attribute of an entity, or null.</summary>
    protected async Task<AttributeValue?> AttributeAsync(EntityId id, string name) =>
        (await GetAsync(id)).Attributes!.TryGetValue(name, out var value) ? value : default(AttributeValue?);

    /// <summary>The keys of all entities that a query selects, page by page.</summary>
    protected async Task<List<string>> KeysAsync(EntityQuery query)
    {
        var keys = new List<string>();
        do
        {
            var page = await Store.QueryAsync(query, Token);
            Assert.True(page.Items.Count <= query.Limit, $"A page of at most {query.Limit} has {page.Items.Count} rows.");
            keys.AddRange(page.Items.Select(e => e.Id.Key));
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return keys;
    }

    /// <summary>The keys that match a filter, in ordinal order.</summary>
    protected async Task<List<string>> MatchesAsync(EntityFilter filter)
    {
        var keys = await KeysAsync(new("thing") { Filter = filter });
        Assert.Equal(keys.Count, await Store.CountAsync("thing", filter, cancellationToken: Token));
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>All points of a metric.</summary>
    protected async Task<List<MetricPoint>> PointsAsync(PointQuery query)
    {
        var points = new List<MetricPoint>();
        await foreach (var point in Store.ReadPointsAsync(query, Token))
        {
            points.Add(point);
        }

        return points;
    }

    /// <summary>All links of a query, page by page.</summary>
    protected async Task<List<Link>> LinksAsync(LinkQuery query)
    {
        var links = new List<Link>();
        do
        {
            var page = await Store.LinksAsync(query, Token);
            Assert.True(page.Items.Count <= query.Limit, $"A page of at most {query.Limit} has {page.Items.Count} links.");
            links.AddRange(page.Items);
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return links;
    }

    /// <summary>All events after a position, page by page.</summary>
    protected async Task<List<StoredEvent>> EventsAsync(EventQuery query)
    {
        var events = new List<StoredEvent>();
        while (true)
        {
            var page = await Store.ReadEventsAsync(query, Token);
            Assert.Null(page.Next);
            if (page.Items.Count == 0)
            {
                return events;
            }

            Assert.True(page.Items.Count <= query.Limit, $"A page of at most {query.Limit} has {page.Items.Count} events.");
            events.AddRange(page.Items);
            query = query with { AfterPosition = page.Items[^1].Position };
        }
    }

    /// <summary>A further instance on the data of the store, or skips the fact when there can be none.</summary>
    protected async Task<IMetadataStore> HostAsync(TimeProvider? clock = null)
    {
        var host = await ShareAsync(Store, clock ?? TimeProvider.System);
        Assert.SkipWhen(host is null, "This store is used by one instance at a time: ShareAsync is not overridden.");
        hosts.Add(host);
        return host;
    }

    /// <summary>The store and further instances on its data; the store several times when there can be only one.</summary>
    protected async Task<IReadOnlyList<IMetadataStore>> HostsAsync(int count)
    {
        var all = new List<IMetadataStore> { Store };
        while (all.Count < count)
        {
            var host = await ShareAsync(Store, TimeProvider.System);
            if (host is not null)
            {
                hosts.Add(host);
            }

            all.Add(host ?? Store);
        }

        return all;
    }

    /// <summary>Closes and opens the store, or skips the fact when its data does not outlive it.</summary>
    protected async Task ReopenAsync()
    {
        var again = await ReopenAsync(Store);
        Assert.SkipWhen(again is null, "The data of this store does not outlive it.");
        store = again;
    }

    /// <summary>Whether two numbers are the same in every bit that counts: NaN is NaN, -0 is not 0.</summary>
    protected static bool Same(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
