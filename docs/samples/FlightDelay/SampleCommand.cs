using System.CommandLine;
using Mlops.Sdk.Pipelines;

namespace FlightDelay;

/// <summary>Runs the command and turns an exception into one line.</summary>
internal static class SampleCommand
{
    public static async Task<int> RunAsync(this RootCommand command, string[] args)
    {
        try
        {
            return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(args.Contains("--verbose") ? e.ToString() : Line(e).ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static string Line(Exception e) => e switch
    {
        OperationCanceledException => "Canceled. Nothing that was finished is lost: the same command goes on from there.",
        StepFailedException { InnerException: { } why } failed => $"{failed.Path}: {why.Message}",
        _ => e.Message,
    };
}
