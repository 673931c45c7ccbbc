using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Hosting;

public sealed class HostTests
{
    [Fact]
    public async Task A_host_without_a_store_fails_at_start_and_is_told_what_to_call()
    {
        using var host = Build(services => services.AddMlops());

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("UseSqlite").And.Contain("UsePostgreSql").And.Contain("UseInMemory");
    }

    [Fact]
    public async Task A_host_with_metadata_but_no_artifacts_fails_at_start_and_is_told_what_to_call()
    {
        using var host = Build(services => services.AddMlops().UseMetadataStore<InMemoryMetadataStore>());

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("UseFileArtifacts");
    }

    [Fact]
    public async Task A_host_in_memory_starts_and_is_healthy()
    {
        using var host = Build(services => services.AddMlops().UseInMemory());
        await host.StartAsync(TestContext.Current.CancellationToken);

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        health.Status.Should().Be(HealthStatus.Healthy);
        health.Entries.Keys.Should().Contain(["mlops-metadata", "mlops-artifacts"]);
    }

    [Fact]
    public async Task Adding_twice_changes_nothing_and_the_last_store_wins()
    {
        var slow = new SlowStore(TimeSpan.Zero);
        using var host = Build(services =>
        {
            services.AddMlops().UseInMemory();
            services.AddMlops().UseMetadataStore(_ => slow);
        });
        await host.StartAsync(TestContext.Current.CancellationToken);

        host.Services.GetRequiredService<IMetadataStore>().Should().BeSameAs(slow);
        slow.Opened.Should().Be(1);
    }

    [Fact]
    public void Registration_and_construction_do_not_touch_the_store()
    {
        var slow = new SlowStore(TimeSpan.Zero);
        using var host = Build(services => services.AddMlops().UseInMemory().UseMetadataStore(_ => slow));

        host.Services.GetServices<IHostedService>().Should().NotBeEmpty();

        slow.Opened.Should().Be(0);
    }

    [Fact]
    public async Task A_store_that_does_not_open_in_time_fails_the_start_with_the_time_and_the_option()
    {
        using var host = Build(services => services
            .AddMlops(Section(("Mlops:StartTimeout", "00:00:01"))).UseInMemory().UseMetadataStore(_ => new SlowStore(Timeout.InfiniteTimeSpan)));

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("within 1 seconds").And.Contain("Mlops:StartTimeout");
    }

    [Fact]
    public async Task A_transient_failure_at_start_is_tried_again()
    {
        var store = new SlowStore(TimeSpan.Zero) { FailuresLeft = 2 };
        using var host = Build(services => services.AddMlops().UseInMemory().UseMetadataStore(_ => store));

        await host.StartAsync(TestContext.Current.CancellationToken);

        store.Opened.Should().Be(3);
    }

    [Fact]
    public void Options_come_from_the_section_that_was_handed_over()
    {
        using var host = Build(services => services.AddMlops(Section(("Mlops:Workspace", "team-a"), ("Mlops:Workers", "false"))).UseInMemory());

        host.Services.GetRequiredService<IOptions<MlopsOptions>>().Value.Should().BeEquivalentTo(new { Workspace = "team-a", Workers = false });
    }

    [Theory]
    [InlineData("Mlops:Workspace", "a/b")]
    [InlineData("Mlops:StartTimeout", "00:00:00")]
    public async Task A_bad_option_fails_the_start_and_is_named(string key, string value)
    {
        using var host = Build(services => services.AddMlops(Section((key, value))).UseInMemory());

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain(key);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        configure(builder.Services);
        return builder.Build();
    }

    private static IConfiguration Section(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build().GetSection("Mlops");
}
