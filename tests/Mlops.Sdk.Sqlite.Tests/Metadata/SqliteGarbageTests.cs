using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class SqliteGarbageTests : IAsyncDisposable
{
    private readonly TemporaryDatabase database = new();
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(database.Folder, "artifacts");

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Rows_and_files_go_while_a_writer_goes_on_and_a_reopened_store_holds_what_is_left()
    {
        const int Deleted = 60;
        await using (var host = await OpenAsync())
        {
            await host.RunAsync("shared", "kept");
            var runs = new List<string>();
            for (var i = 0; i < Deleted; i++)
            {
                runs.Add(await host.RunAsync("shared", $"gone {i}"));
            }

            foreach (var run in runs)
            {
                await host.Tracker.DeleteRunAsync(run, Token);
            }

            clock.Advance(GarbageHost.Month);
            using var done = new CancellationTokenSource();
            var writer = Task.Run(async () =>
            {
                var written = 0;
                for (; !done.IsCancellationRequested || written < 10; written++)
                {
                    var text = $"fresh {written}";
                    await host.RunAsync(text);
                    foreach (var file in Directory.EnumerateFiles(Root, Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)).Hex, SearchOption.AllDirectories))
                    {
                        // The clock of the test is a month ahead of that of the files.
                        File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
                    }
                }

                return written;
            }, Token);

            var report = await host.CollectAsync();
            await done.CancelAsync();
            var fresh = await writer;

            report.Rows.Where(id => id.Kind == "run").Should().HaveCount(Deleted);
            report.Artifacts.Should().HaveCount(Deleted);
            (await host.EntitiesAsync("run")).Should().HaveCount(1 + fresh);
            fresh.Should().BeGreaterThanOrEqualTo(10);
        }

        await using var again = await OpenAsync();
        (await again.TextsAsync()).Should().Contain(["kept", "shared"]).And.NotContain(text => text.StartsWith("gone", StringComparison.Ordinal));
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Should().HaveCount((await again.EntitiesAsync("artifact")).Count);
        (await again.CollectAsync()).Rows.Should().BeEmpty();
    }

    private async Task<GarbageHost> OpenAsync()
    {
        var store = database.Store(clock);
        await store.OpenAsync(Token);
        var artifacts = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = Root }));
        await artifacts.OpenAsync(Token);
        return new(store, artifacts, clock);
    }
}
