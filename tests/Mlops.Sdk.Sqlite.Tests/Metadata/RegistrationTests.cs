using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class RegistrationTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-host-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task The_default_file_is_under_the_content_root_and_is_made_at_the_first_call()
    {
        using var host = Build([], mlops => mlops.UseSqlite());
        var store = host.Services.GetRequiredService<IMetadataStore>();
        Directory.GetFileSystemEntries(root).Should().BeEmpty();

        await store.OpenAsync(Token);
        File.Exists(Path.Combine(root, ".mlops", "mlops.db")).Should().BeTrue();
    }

    [Fact]
    public void Options_come_from_the_section_and_then_from_code()
    {
        using var host = Build(
            new() { ["Mlops:Sqlite:Path"] = "a.db", ["Mlops:Sqlite:BusyTimeout"] = "00:00:07", ["Mlops:Sqlite:PointDurability"] = "Normal" },
            mlops => mlops.UseSqlite(o => o.Path = "b.db"));
        var options = host.Services.GetRequiredService<IOptions<SqliteMetadataOptions>>().Value;
        options.Should().BeEquivalentTo(new SqliteMetadataOptions { Path = "b.db", BusyTimeout = TimeSpan.FromSeconds(7), PointDurability = SqliteDurability.Normal });
    }

    [Theory]
    [InlineData("Path", "", "Path")]
    [InlineData("BusyTimeout", "00:00:00", "BusyTimeout")]
    [InlineData("EventPollInterval", "01:00:00", "EventPollInterval")]
    [InlineData("PointDurability", "7", "PointDurability")]
    public async Task A_wrong_option_stops_the_host_with_its_name(string key, string value, string named)
    {
        using var host = Build(new() { [$"Mlops:Sqlite:{key}"] = value }, mlops => mlops.UseSqlite());
        (await FluentActions.Awaiting(() => host.StartAsync(Token)).Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain(named);
        Directory.GetFileSystemEntries(root).Should().BeEmpty();
    }

    [Fact]
    public async Task A_container_that_is_disposed_synchronously_keeps_what_was_committed()
    {
        var id = new EntityId("run", "a");
        using (var host = Build([], mlops => mlops.UseSqlite()))
        {
            await host.Services.GetRequiredService<IMetadataStore>().CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(id, new(1, default))]), Token);
        }

        using var again = Build([], mlops => mlops.UseSqlite());
        (await again.Services.GetRequiredService<IMetadataStore>().FindAsync([id], cancellationToken: Token))[0].Should().NotBeNull();
    }

    private IHost Build(Dictionary<string, string?> settings, Action<MlopsBuilder> use)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = root, DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        use(builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")));
        return builder.Build();
    }
}
