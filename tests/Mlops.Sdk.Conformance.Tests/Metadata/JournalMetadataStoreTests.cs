using CustomMetadataStore;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>The store of docs/samples/CustomMetadataStore.</summary>
public sealed class JournalMetadataStoreTests : MetadataStoreConformance
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-journal-").FullName;
    private string path = "";

    protected override async Task<IMetadataStore> CreateAsync()
    {
        path = Path.Combine(folder, MlopsId.NewKey());
        return await OpenAsync();
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((JournalMetadataStore)store).DisposeAsync();
        return await OpenAsync();
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_is_dropped_and_a_damaged_one_is_named()
    {
        await CommitAsync(New("a"));
        await ((JournalMetadataStore)Store).DisposeAsync();
        var whole = await File.ReadAllBytesAsync(path, Token);
        await File.WriteAllBytesAsync(path, [.. whole, .. "{\"At\":\"2024"u8], Token);
        await using (var store = (JournalMetadataStore)await OpenAsync())
        {
            (await store.CommitAsync(new(MlopsId.New(), "ada", [New("b")]), Token)).Committed.Should().BeTrue();
            (await store.CountAsync("thing", cancellationToken: Token)).Should().Be(2);
        }

        await File.WriteAllBytesAsync(path, [.. whole, .. "{\"At\":\"2024\n"u8, .. whole], Token);
        await FluentActions.Awaiting(OpenAsync).Should().ThrowAsync<CorruptedException>().WithMessage($"*{path}*{whole.Length}*backup*");
        await File.WriteAllTextAsync(path, "{\"Version\":2,\"New\":true}\n", Token);
        await FluentActions.Awaiting(OpenAsync).Should().ThrowAsync<MlopsException>().WithMessage("*version 2*Update*");
    }

    [Fact]
    public async Task A_second_process_is_told_who_is_in_the_way() =>
        await FluentActions.Awaiting(OpenAsync).Should().ThrowAsync<MlopsException>().WithMessage($"*{path}*other process*");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<IMetadataStore> OpenAsync()
    {
        var store = new JournalMetadataStore(path);
        try
        {
            await store.OpenAsync(Token);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
