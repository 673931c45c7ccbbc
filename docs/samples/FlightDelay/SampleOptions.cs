using System.CommandLine;
using FlightDelay.Flights;
using Mlops.Sdk;

namespace FlightDelay;

/// <summary>What can be said on the command line.</summary>
internal sealed record SampleOptions(DirectoryInfo Home, FileInfo Data, int Seed, bool Json, bool Leak, bool Verbose, string? KillAfter)
{
    /// <summary>Where the <c>mlops</c> tool looks, too.</summary>
    public string Database => Path.Combine(Home.FullName, "mlops.db");

    public string Artifacts => Path.Combine(Home.FullName, "artifacts");

    /// <summary>Makes the folder of all state.</summary>
    /// <exception cref="MlopsException">It is a file or cannot be made.</exception>
    public void MakeHome()
    {
        if (File.Exists(Home.FullName))
        {
            throw new MlopsException($"--home {Home.FullName} is a file. Name a folder with --home.");
        }

        try
        {
            Home.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MlopsException($"--home {Home.FullName} cannot be made: {e.Message.TrimEnd('.')}. Name another folder with --home.", e);
        }
    }

    public static SampleOptions Default { get; } = new(new(".mlops"), new(Path.Combine(AppContext.BaseDirectory, "data", "flights.parquet")), Seed: 1, Json: false, Leak: false, Verbose: false, KillAfter: null);

    /// <summary>The command, which hands the options to <paramref name="run"/>.</summary>
    public static RootCommand Command(Func<SampleOptions, CancellationToken, Task<int>> run)
    {
        var home = new Option<DirectoryInfo>("--home") { Description = "The folder that holds all state.", DefaultValueFactory = _ => Default.Home };
        var data = new Option<FileInfo>("--data") { Description = "A Parquet or CSV file with the columns date, delay, distance, origin and destination.", DefaultValueFactory = _ => Default.Data };
        var seed = new Option<int>("--seed") { Description = "The seed of everything random.", DefaultValueFactory = _ => Default.Seed };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON; everything else goes to the standard error." };
        var leak = new Option<bool>("--leak") { Description = "Show how much better a model looks that sees delays before they are known; registers nothing." };
        var verbose = new Option<bool>("--verbose") { Description = "Print logs, and the stack trace of an error." };
        var killAfter = new Option<string?>("--kill-after") { Description = "Kill the process hard once a step of this name has been executed, to see the next run go on from there." };
        killAfter.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } step && !KillSwitch.Steps.Contains(step))
            {
                result.AddError($"--kill-after: there is no step '{step}'. The steps are {string.Join(", ", KillSwitch.Steps)}.");
            }
        });
        var command = new RootCommand("Trains, gates, registers and serves a model that says which flights arrive late.") { home, data, seed, json, leak, verbose, killAfter, MakeData.Command(), MlopsVerbs.Command() };
        command.SetAction((parsed, cancellationToken) => run(
            new(parsed.GetRequiredValue(home), parsed.GetRequiredValue(data), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(leak), parsed.GetValue(verbose), parsed.GetValue(killAfter)),
            cancellationToken));
        return command;
    }
}
