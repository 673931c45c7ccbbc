using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Cli.Stores;
using Mlops.Sdk.Registry;
using Mlops.Sdk.TestServers;
using Mlops.Sdk.Tracking;
using Npgsql;

namespace Mlops.Sdk.Commands.Tests.Stores;

/// <summary>A folder for files, a server for schemas, and the verbs of the tool.</summary>
public sealed class StoreBench(PostgreSqlServer server) : IDisposable
{
    private static int schemas;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-stores-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string File(string name) => Path.Combine(folder.FullName, name);

    /// <summary>The address of a schema that nobody has.</summary>
    public string NewSchema() => FormattableString.Invariant($"{server.ConnectionString};Schema=cli_{Interlocked.Increment(ref schemas)}");

    /// <summary>Runs a verb of the tool.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string? store, params string[] args)
    {
        using var host = CommandLineTests.Build(services => services.AddMlops());
        using StringWriter output = new(), error = new();
        var command = new StoreCommand(new(() => StoreAddress.Parse(store!)));
        var code = await MlopsCommandLine.RunAsync(host.Services, args, [command.Create], output, error, Token);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>What a copy says of each kind of rows: how many there are in the source and in the target, and the digest.</summary>
    public static async Task<Dictionary<string, (long Source, long Target, string Digest, string State)>> CopyAsync(string from, string to, int expected = 0, params string[] more)
    {
        var (code, output, error) = await RunAsync(null, ["store", "copy", "--from", from, "--to", to, "--format", "json", .. more]);
        code.Should().Be(expected, error);
        return JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(output)!
            .ToDictionary(row => row["what"].GetString()!, row => (row["source"].GetInt64(), row["target"].GetInt64(), row["digest"].GetString()!, row["state"].GetString()!));
    }

    public IHost Host(string store) => CommandLineTests.Build(services =>
    {
        var (address, mlops) = (StoreAddress.Parse(store), services.AddMlops());
        _ = address.Path is { } path ? mlops.UseSqlite(o => o.Path = path) : mlops.UsePostgreSql(o => (o.ConnectionString, o.Schema) = (address.ConnectionString, address.Schema));
        mlops.UseFileArtifacts(o => o.Root = File("artifacts"));
    });

    /// <summary>Fills a store with something of everything and returns the ids of its runs.</summary>
    public async Task<List<string>> FillAsync(string store, int points = 3)
    {
        using var host = Host(store);
        await host.Services.OpenMlopsAsync(Token);
        var ids = new List<string>();
        foreach (var name in (string[])["first", "second"])
        {
            await using var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("delay", new() { Name = name, Inputs = [new(Digest.Of("rows"u8), DatasetRole.Training, "flights")] }, Token);
            await run.LogParamsAsync(new Dictionary<string, Sdk.Metadata.AttributeValue> { ["trainer"] = new("séc 🎈"), ["zero"] = new(-0.0), ["none"] = new(double.NaN), ["much"] = new(double.NegativeInfinity) }, Token);
            for (var i = 0; i < points; i++)
            {
                run.LogMetric("auc", i % 10 == 9 ? double.NaN : 0.5 + i, i);
            }

            await run.CompleteAsync(Token);
            var package = await new ModelPackageBuilder("own").AddFile("model/m", new byte[100]).SaveAsync(host.Services.GetRequiredService<IArtifactStore>(), Token);
            await host.Services.GetRequiredService<IModelRegistry>().RegisterAsync(new() { Model = "delay", Package = package.Package, Run = run.Entity }, Token);
            ids.Add(run.Id);
        }

        await host.Services.GetRequiredService<IExperimentTracker>().DeleteRunAsync(ids[0], Token);
        await host.Services.GetRequiredService<IModelRegistry>().MoveAliasAsync("delay", "champion", 2, null, "passed", Token);
        return ids;
    }

    /// <summary>Changes a store behind its back.</summary>
    public static async Task SqlAsync(string store, string sql)
    {
        var address = StoreAddress.Parse(store);
        await using System.Data.Common.DbConnection connection = address.Path is { } path ? new SqliteConnection($"Data Source={path};Pooling=False") : new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("§", address.Path is null ? address.Schema + "." : "", StringComparison.Ordinal);
        (await command.ExecuteNonQueryAsync(Token)).Should().NotBe(0, "the test is to change something");
    }

    public void Dispose() => folder.Delete(recursive: true);
}
