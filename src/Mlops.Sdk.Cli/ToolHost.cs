using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Cli;

/// <summary>
/// The host of the tool: shipped providers at <c>--store</c> and <c>--artifacts</c> (or <c>MLOPS_STORE</c> and <c>MLOPS_ARTIFACTS</c>). With <c>--project</c> the verb runs in the user's own application instead.
/// </summary>
internal static class ToolHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        var rest = args.ToList();
        if (Take(rest, "--project") is { } project)
        {
            return await RunInProjectAsync(project, rest);
        }

        var store = Take(rest, "--store") ?? Environment.GetEnvironmentVariable("MLOPS_STORE") ?? Path.Combine(".mlops", "mlops.db");
        var artifacts = Take(rest, "--artifacts") ?? Environment.GetEnvironmentVariable("MLOPS_ARTIFACTS") ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(store))!, "artifacts");
        if (!File.Exists(store) && rest is not ([] or ["--help"] or ["-h"] or ["-?"] or ["--version"] or [_, "--help"]))
        {
            Console.Error.WriteLine($"There is no metadata store at {Path.GetFullPath(store)}. Name one with --store FILE or MLOPS_STORE, or run the verb in your application with --project PATH.");
            return 1;
        }

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMlops().UseSqlite(o => o.Path = store).UseFileArtifacts(o => o.Root = artifacts);
        using var host = builder.Build();
        return await host.RunMlopsAsync(["mlops", .. rest]);
    }

    private static async Task<int> RunInProjectAsync(string project, List<string> args)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { "run", "-c", "Release", "--project", project, "--", "mlops" } };
        args.ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Takes an option with its value out of the arguments; the verbs do not know it.</summary>
    private static string? Take(List<string> args, string option)
    {
        var at = args.FindIndex(arg => arg == option || arg.StartsWith(option + "=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var joined = args[at].Length > option.Length;
        var value = joined ? args[at][(option.Length + 1)..] : at + 1 < args.Count ? args[at + 1] : null;
        args.RemoveRange(at, joined || value is null ? 1 : 2);
        return value;
    }
}
