using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

public sealed class RegistrationTests(PostgreSqlServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hosts_data_source_is_used_and_left_open()
    {
        await using var schema = new TestSchema(server);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(schema.Source);
        builder.Services.AddMlops().UsePostgreSql(options => options.Schema = schema.Name).UseArtifactStore(_ => new InMemoryArtifactStore());
        using (var host = builder.Build())
        {
            await host.StartAsync(Token);
            await host.Services.GetRequiredService<IMetadataStore>().CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("thing", "a"), new(1, default))]), Token);
            await host.StopAsync(Token);
        }

        (await schema.Store().CountAsync("thing", cancellationToken: Token)).Should().Be(1);
    }

    [Fact]
    public async Task Options_come_from_the_configuration()
    {
        await using var schema = new TestSchema(server);
        var services = new ServiceCollection().AddLogging();
        services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection([new("PostgreSql:ConnectionString", server.ConnectionString), new("PostgreSql:Schema", schema.Name)]).Build()).UsePostgreSql().UseArtifactStore(_ => new InMemoryArtifactStore());
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        await provider.OpenMlopsAsync(Token);

        (await schema.CountAsync("select count(*) from §.store")).Should().Be(1);
    }

    [Fact]
    public async Task Without_a_database_the_host_is_told_what_to_register()
    {
        await using var provider = Provider(_ => { });
        FluentActions.Invoking(provider.GetRequiredService<IMetadataStore>).Should().Throw<InvalidOperationException>().WithMessage("*Mlops:PostgreSql:ConnectionString*NpgsqlDataSource*");
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_refused_without_repeating_it()
    {
        await using var provider = Provider(options => options.ConnectionString = "Host=a;Pasword=hunter2");
        FluentActions.Invoking(provider.GetRequiredService<IMetadataStore>).Should().Throw<ArgumentException>().Which.ToString().Should().Contain("Mlops:PostgreSql:ConnectionString").And.NotContain("hunter2");
    }

    [Fact]
    public async Task A_bad_schema_fails_the_start()
    {
        await using var provider = Provider(options => options.Schema = "My Schema");
        FluentActions.Invoking(() => provider.GetRequiredService<IOptions<PostgreSqlMetadataOptions>>().Value).Should().Throw<OptionsValidationException>().WithMessage("*Mlops:PostgreSql:Schema*");
    }

    private static ServiceProvider Provider(Action<PostgreSqlMetadataOptions> configure)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMlops().UsePostgreSql(configure).UseArtifactStore(_ => new InMemoryArtifactStore());
        return services.BuildServiceProvider(validateScopes: true);
    }
}
