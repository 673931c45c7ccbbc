using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace Mlops.Sdk.Commands.Tests;

/// <summary>Runs verbs in this process.</summary>
internal static class Verbs
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(this IHost host, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = await MlopsCommandLine.RunAsync(host.Services, args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The rows of a verb that must succeed, by the names of the columns.</summary>
    public static async Task<List<Dictionary<string, JsonElement>>> RowsAsync(this IHost host, params string[] args)
    {
        var (code, output, error) = await host.RunAsync([.. args, "--format", "json"]);
        code.Should().Be(0, error);
        return JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(output)!;
    }
}
