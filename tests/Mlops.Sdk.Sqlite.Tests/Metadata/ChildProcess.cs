using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>
/// Another process that commits numbered versions to a database and prints the key of each one that was acknowledged. It is this test program started with an environment variable,
/// which diverts it before the first test.
/// </summary>
internal static class ChildProcess
{
    private const string Variable = "MLOPS_SQLITE_CHILD";

    public static Process Start(string path, int commits)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{commits};{path}");
        return Process.Start(start)!;
    }

    public static Changeset Version(string actor) => new(MlopsId.New(), actor, [
        new Change.CreateNumbered("version", new("model", "m"), new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { ["by"] = actor } },
        new Change.Note(EntityId.CreatedBy(0), "version.created"),
        new Change.Append(EntityId.CreatedBy(0), [new("loss", 1, DateTimeOffset.UnixEpoch, 0.5)])]);

    /// <summary>Runs on the main thread alone: other threads may not enter this assembly before its initializer ends.</summary>
    [ModuleInitializer]
    internal static void Divert()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(';', 2) is not [var commits, var path])
        {
            return;
        }

        var store = new SqliteMetadataStore(new() { Path = path });
        for (var i = int.Parse(commits, CultureInfo.InvariantCulture); i > 0; i--)
        {
            Console.Out.WriteLine(store.CommitAsync(Version("child")).GetAwaiter().GetResult().Created[0].Key);
            Console.Out.Flush();
        }

        store.Dispose();
        Environment.Exit(0);
    }
}
