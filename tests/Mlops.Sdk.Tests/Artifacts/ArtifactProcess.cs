using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

/// <summary>
/// Another process that stores what comes through its standard input and then prints the digest. It is this test program started with an environment variable, which diverts it before the first test.
/// </summary>
internal static class ArtifactProcess
{
    private const string Variable = "MLOPS_ARTIFACT_CHILD";

    public static Process Start(string root)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[Variable] = root;
        return Process.Start(start)!;
    }

    /// <summary>Runs on the main thread alone: other threads may not enter this assembly before its initializer ends.</summary>
    [ModuleInitializer]
    internal static void Divert()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } root)
        {
            return;
        }

        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        store.OpenAsync().GetAwaiter().GetResult();
        using var input = Console.OpenStandardInput();
        Console.Out.WriteLine(store.PutAsync(input).GetAwaiter().GetResult().Digest);
        Environment.Exit(0);
    }
}
