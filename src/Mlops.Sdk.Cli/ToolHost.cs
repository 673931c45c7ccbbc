using System.ComponentModel;
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
        try
        {
            var rest = args.ToList();
            return Take(rest, "--project") is { } project ? await RunInProjectAsync(project, rest) : await RunHereAsync(rest);
        }
        catch (Exception e) when (e is ArgumentException or Win32Exception)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task<int> RunHereAsync(List<string> args)
    {
        // Full paths, because a host resolves others against the folder of the tool.
        var store = Path.GetFullPath(Take(args, "--store") ?? Variable("MLOPS_STORE") ?? Path.Combine(".mlops", "mlops.db"));
        var artifacts = Path.GetFullPath(Take(args, "--artifacts") ?? Variable("MLOPS_ARTIFACTS") ?? Path.Combine(Path.GetDirectoryName(store)!, "artifacts"));
        var asksForHelp = args.Count == 0 || args.Any(arg => arg is "--help" or "-h" or "-?" or "--version");
        if (!asksForHelp && !File.Exists(store))
        {
            throw new ArgumentException($"There is no metadata store at {store}. Name one with --store FILE or MLOPS_STORE, or run the verb in your application with --project PATH.");
        }

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMlops().UseSqlite(o => o.Path = store).UseFileArtifacts(o => o.Root = artifacts);
        using var host = builder.Build();
        var code = await host.RunMlopsAsync(["mlops", .. args]);
        if (args is [] or ["--help"] or ["-h"] or ["-?"])
        {
            Console.Out.WriteLine("""
                Where the verbs look:
                  --store FILE     The metadata store; else MLOPS_STORE, else .mlops/mlops.db.
                  --artifacts DIR  The artifacts; else MLOPS_ARTIFACTS, else artifacts beside the store.
                  --project PATH   Your own application, with its stores: runs the verb in it.
                """);
        }

        return code;
    }

    private static async Task<int> RunInProjectAsync(string project, List<string> args)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { "run", "-c", "Release", "--project", project, "--", "mlops" } };
        args.ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Takes an option with its value out of the arguments; the verbs do not know it.</summary>
    private static string? Take(List<string> args, string option)
    {
        var at = args.FindIndex(arg => arg == option || arg.StartsWith(option + "=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var joined = args[at].Length > option.Length;
        var value = joined ? args[at][(option.Length + 1)..] : at + 1 < args.Count ? args[at + 1] : "";
        if (value.Length == 0 || (!joined && value.StartsWith("--", StringComparison.Ordinal)))
        {
            throw new ArgumentException($"{option} needs a value. Write it behind the option, for example {option} {(option == "--store" ? "mlops.db" : "folder")}.");
        }

        args.RemoveRange(at, joined ? 1 : 2);
        return value;
    }
}
