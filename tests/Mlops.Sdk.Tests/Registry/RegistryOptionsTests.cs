using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class RegistryOptionsTests
{
    [Fact]
    public void Options_come_from_the_configuration()
    {
        var options = Read(("Registry:RequiredApprovals:champion", "2"), ("Registry:AliasMaxAge", "00:00:05"));

        options.RequiredApprovals.Should().Equal(new Dictionary<string, int> { ["champion"] = 2 });
        options.AliasMaxAge.Should().Be(TimeSpan.FromSeconds(5));
        Read().RequiredApprovals.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Registry:RequiredApprovals:champion", "0", "*RequiredApprovals*1 to 100*")]
    [InlineData("Registry:RequiredApprovals:champion", "101", "*RequiredApprovals*1 to 100*")]
    [InlineData("Registry:AliasMaxAge", "00:00:00.5", "*AliasMaxAge*1 second to a day*")]
    [InlineData("Registry:AliasMaxAge", "2.00:00:00", "*AliasMaxAge*1 second to a day*")]
    public void Options_that_make_no_sense_are_named(string key, string value, string message) =>
        FluentActions.Invoking(() => Read((key, value))).Should().Throw<OptionsValidationException>().WithMessage(message);

    private static RegistryOptions Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build()).UseInMemory();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RegistryOptions>>().Value;
    }
}
