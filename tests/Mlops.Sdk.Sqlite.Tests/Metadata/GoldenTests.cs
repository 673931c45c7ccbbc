using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>
/// Golden/schema-N.db.gz was written by version N of the schema and Golden/schema-1.txt is the content of each. They never change: every later version must read the same content from every file.
/// </summary>
public sealed class GoldenTests : IAsyncLifetime
{
    private static readonly EntityId Run = new("run", "r/1"), Model = new("model", "é😀", "other"), Deleted = new("run", "deleted");
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Golden");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_database_of_every_schema_opens_with_its_content(int schema)
    {
        await UnpackAsync(schema, database.Path);
        var store = database.Store(Clock());
        (await store.OpenAsync(Token)).Should().Match<StoreInfo>(info => info.StoreId == Guid.Parse("019ab7e4-0000-7000-8000-000000000001") && info.SchemaVersion == 2);
        (await DumpAsync(store)).Should().Be(await ExpectedAsync());
    }

    [Fact]
    public async Task A_new_database_given_the_same_changes_has_the_same_content()
    {
        var store = database.Store(Clock());
        foreach (var changeset in Changesets())
        {
            (await store.CommitAsync(changeset, Token)).Committed.Should().BeTrue();
        }

        (await DumpAsync(store)).Should().Be(await ExpectedAsync());
    }

    [Fact]
    public async Task There_is_a_database_of_every_schema()
    {
        var current = (await database.Store().OpenAsync(Token)).SchemaVersion;
        Directory.GetFiles(Golden, "*.gz").Select(Path.GetFileName).Should().BeEquivalentTo(Enumerable.Range(1, current).Select(schema => $"schema-{schema}.db.gz"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_database_of_every_schema_ends_with_the_schema_of_a_new_one(int schema)
    {
        const string Schema = "select type, name, tbl_name, sql from sqlite_master order by type, name";
        await using var fresh = new TemporaryDatabase();
        await fresh.Store().OpenAsync(Token);
        await UnpackAsync(schema, database.Path);
        await database.Store().OpenAsync(Token);

        await using var migrated = new RawDatabase(database.Path);
        await using var created = new RawDatabase(fresh.Path);
        migrated.Rows(Schema).Should().Equal(created.Rows(Schema));
    }

    internal static async Task UnpackAsync(int schema, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(Golden, $"schema-{schema}.db.gz")), CompressionMode.Decompress);
        await using var file = File.Create(path);
        await packed.CopyToAsync(file, Token);
    }

    private static Task<string> ExpectedAsync() => File.ReadAllTextAsync(Path.Combine(Golden, "schema-1.txt"), Token);

    private static FakeTimeProvider Clock() => new(new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));

    private static IEnumerable<Changeset> Changesets()
    {
        yield return new(new Guid(1, 0, 0, new byte[8]), "ada", [
            new Change.Create(Run, new(2, new byte[] { 0, 1, 255 })) { Attributes = new Dictionary<string, AttributeValue> { ["NaN"] = double.NaN, ["-0"] = -0.0, ["max"] = double.MaxValue, ["text"] = "", ["é"] = "😀" } },
            new Change.Create(Model, new(1, default)),
            new Change.Create(Deleted, new(1, default)),
            new Change.Connect(new(Run, "made", Model)),
            new Change.Connect(new(Run, "saw", Deleted)),
            new Change.CreateNumbered("version", Model, new(1, new byte[] { 9 })),
            new Change.Note(EntityId.CreatedBy(5), "version.created", new byte[] { 7 }) { Why = "because" },
        ]);
        yield return new(new Guid(2, 0, 0, new byte[8]), "bert", [
            new Change.Append(Run, [new("loss", 2, DateTimeOffset.UnixEpoch, double.NaN), new("loss", 1, DateTimeOffset.UnixEpoch.AddMilliseconds(5), double.NegativeInfinity), new("loss", long.MaxValue, DateTimeOffset.UnixEpoch, 0.1)]),
            new Change.Append(Deleted, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Put(Model, 1, new(3, new byte[] { 4 })),
            new Change.Delete(Deleted, 1),
            new Change.Note(Deleted, "run.deleted"),
        ]);
    }

    private static async Task<string> DumpAsync(SqliteMetadataStore store)
    {
        var version = new EntityId("version", "é😀/1", "other");
        List<string> lines =
        [
            .. (await store.FindAsync([Run, Model, version, Deleted], EntityParts.Body | EntityParts.Attributes, Token)).Select(e => Written.Of(e is null ? null : e with { AsOf = default })),
            .. (await store.LinksAsync(new([Run], LinkDirection.Out), Token)).Items.Select(Written.Of),
            .. (await store.ReadPointsAsync(new(Run, "loss"), Token).ToListAsync(Token)).Select(point => Written.Of(point)),
            .. (await store.ReadEventsAsync(new(), Token)).Items.Select(Written.Of),
        ];
        foreach (var changeset in Changesets())
        {
            lines.Add(Written.Of(await store.CommitAsync(changeset, Token)));
        }

        return string.Join("\n", lines) + "\n";
    }
}
