using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk;

namespace FlightDelay;

/// <summary>The <c>mlops</c> command line on the state of the sample: <c>mlops VERB</c>, or <c>--home DIR mlops VERB</c>.</summary>
internal static class MlopsVerbs
{
    /// <summary>The options and the arguments from <c>mlops</c> on, or null when the arguments are those of the sample.</summary>
    public static (SampleOptions Options, string[] Args)? Find(string[] args) => args switch
    {
        ["mlops", ..] => (SampleOptions.Default, args),
        ["--home", var home, "mlops", ..] => (SampleOptions.Default with { Home = new(home) }, args[2..]),
        [['-', '-', 'h', 'o', 'm', 'e', '=', .. { Length: > 0 } home], "mlops", ..] => (SampleOptions.Default with { Home = new(home) }, args[1..]),
        _ => null,
    };

    public static async Task<int> RunAsync((SampleOptions Options, string[] Args) verbs, Func<SampleOptions, IHost> wire)
    {
        try
        {
            verbs.Options.MakeHome();
        }
        catch (MlopsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        return await wire(verbs.Options).RunMlopsAsync(verbs.Args);
    }

    /// <summary>What <c>--help</c> says about it. The command itself is only reached behind other options.</summary>
    public static Command Command()
    {
        var command = new Command("mlops", "Look at what is stored: mlops runs list, mlops models show flight-delay, mlops --help. Stands first, or after --home DIR.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(int (_) => throw new MlopsException("mlops stands first, or after --home DIR: -- --home DIR mlops models list"));
        return command;
    }
}
