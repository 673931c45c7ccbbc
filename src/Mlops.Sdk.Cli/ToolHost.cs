using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Cli.Stores;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli;

/// <summary>
/// The host of the tool: shipped providers at <c>--store</c> and <c>--artifacts</c> (or <c>MLOPS_STORE</c> and <c>MLOPS_ARTIFACTS</c>). With <c>--project</c> the verb runs in the user's own application instead.
/// </summary>
internal static class ToolHost
{
    private const string Where = """
        Where the verbs look:
          --store STORE    The metadata store; else MLOPS_STORE, else .mlops/mlops.db. An SQLite file, or PostgreSQL as
                           "Host=…;Database=…;Username=…;Password=…" or postgresql://user:password@host:port/database;
                           PGPASSWORD and ~/.pgpass keep the password out of the command line.
          --schema NAME    The schema in PostgreSQL; else MLOPS_SCHEMA, else mlops.
          --artifacts DIR  The artifacts; else MLOPS_ARTIFACTS, else artifacts beside the store.
          --project PATH   Your own application, with its stores: runs the verb in it.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var rest = args.ToList();
            return Take(rest, "--project", "folder") is { } project ? await RunInProjectAsync(project, rest) : await RunHereAsync(rest);
        }
        catch (Exception e) when (e is ArgumentException or Win32Exception)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task<int> RunHereAsync(List<string> args)
    {
        // These name their stores themselves.
        var isFree = args is [] or ["store", "script" or "copy", ..] || args.Any(arg => arg is "--help" or "-h" or "-?" or "--version");
        var schema = args is ["store", "script", ..] ? null : Take(args, "--schema", "mlops") ?? Variable("MLOPS_SCHEMA");
        var store = Take(args, "--store", "mlops.db") ?? Variable("MLOPS_STORE") ?? Path.Combine(".mlops", "mlops.db");
        var artifacts = Take(args, "--artifacts", "folder") ?? Variable("MLOPS_ARTIFACTS");
        RefuseStraySecrets(args);

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var address = new Lazy<StoreAddress>(() => StoreAddress.Parse(store, schema));
        var mlops = builder.Services.AddMlops();
        if (!isFree)
        {
            Use(mlops, address.Value, artifacts, mustHaveArtifacts: args is ["gc", ..]);
        }

        using var host = builder.Build();
        var code = await MlopsCommandLine.RunAsync(host.Services, args, [new StoreCommand(address).Create], null, null, CancellationToken.None);
        if (args is [] or ["--help"] or ["-h"] or ["-?"])
        {
            Console.Out.WriteLine(Where);
        }

        return code;
    }

    private static void Use(MlopsBuilder mlops, StoreAddress address, string? artifacts, bool mustHaveArtifacts)
    {
        // Full paths, because a host resolves others against the folder of the tool.
        if (address.Path is { } path)
        {
            if (!File.Exists(path))
            {
                throw new ArgumentException($"There is no metadata store at {path}. Name one with --store or MLOPS_STORE, or run the verb in your application with --project PATH.");
            }

            mlops.UseSqlite(o => o.Path = path);
            artifacts ??= Path.Combine(Path.GetDirectoryName(path)!, "artifacts");
        }
        else
        {
            mlops.UsePostgreSql(o => (o.ConnectionString, o.Schema, o.Migrate, o.RetryFor) = (address.ConnectionString, address.Schema, StoreMigration.Check, StoreErrors.Patience));
            artifacts ??= Path.Combine(".mlops", "artifacts");
        }

        // An empty folder would make every record of an artifact look as if its bytes were gone.
        var root = Path.GetFullPath(artifacts);
        if (mustHaveArtifacts && !Directory.Exists(root))
        {
            throw new ArgumentException($"There are no artifacts at {root}. Name their folder with --artifacts or MLOPS_ARTIFACTS.");
        }

        mlops.UseFileArtifacts(o => o.Root = root);
    }

    private static async Task<int> RunInProjectAsync(string project, List<string> args)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { "run", "-c", "Release", "--project", project, "--", "mlops" } };
        args.ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>A parser would repeat an argument that it does not know.</summary>
    private static void RefuseStraySecrets(List<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var named = args[i].StartsWith("--from=", StringComparison.Ordinal) || args[i].StartsWith("--to=", StringComparison.Ordinal) || (i > 0 && args[i - 1] is "--from" or "--to");
            if (!named && StoreAddress.IsPostgres(args[i]))
            {
                throw new ArgumentException("The address of a store stands where none is expected. Write it behind --store (or --from and --to of 'mlops store copy').");
            }
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Takes an option with its value out of the arguments; the verbs do not know it.</summary>
    private static string? Take(List<string> args, string option, string example)
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
            throw new ArgumentException($"{option} needs a value. Write it behind the option, for example {option} {example}.");
        }

        args.RemoveRange(at, joined ? 1 : 2);
        return value;
    }
}
