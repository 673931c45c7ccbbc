using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk;

/// <summary>The verbs of <c>mlops</c>, executed with the services of a host.</summary>
public static class MlopsCommandLine
{
    /// <summary>Executes a verb and returns its exit code: 0 pass or done, 1 error, 2 fail, 3 inconclusive. Results go to <paramref name="output"/>, errors, one line each, to <paramref name="error"/>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="args">The arguments after <c>mlops</c>.</param>
    /// <param name="output">Where results go; null for the standard output.</param>
    /// <param name="error">Where errors go; null for the standard error.</param>
    /// <param name="cancellationToken">Stops the verb.</param>
    public static Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellationToken = default) =>
        RunAsync(services, args, [], output, error, cancellationToken);

    /// <summary>The same, with verbs that only the caller knows.</summary>
    internal static async Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> args, IEnumerable<Func<Verb, Command>> more, TextWriter? output, TextWriter? error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(args);
        var format = new Option<OutputFormat>("--format") { Description = "How results are printed.", HelpName = "table|json|md", Recursive = true };
        var verbose = new Option<bool>("--verbose") { Description = "Print the stack trace of an error.", Recursive = true };
        var root = new RootCommand("Mlops.Sdk: runs, models, where they come from, and the state of the stores.") { format, verbose };
        var verb = new Verb(services, format);
        root.Add(DoctorCommand.Create(verb));
        root.Add(RunsCommand.Create(verb));
        root.Add(ModelsCommand.Create(verb));
        root.Add(LineageCommand.Create(verb));
        root.Add(GcCommand.Create(verb));
        foreach (var create in more)
        {
            root.Add(create(verb));
        }


        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        configuration.Output = output ?? configuration.Output;
        configuration.Error = error ?? configuration.Error;
        if (args.Count > 0 && parsed.Errors is [var first, ..])
        {
            var problem = parsed.UnmatchedTokens is [var token, ..] ? $"'{token}' is not known here." : first.Message;
            await configuration.Error.WriteLineAsync($"{problem} 'mlops --help' shows what there is.").ConfigureAwait(false);
            return 1;
        }

        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await configuration.Error.WriteLineAsync("Canceled.").ConfigureAwait(false);
            return 1;
        }
        catch (FilterSyntaxException e) when (!parsed.GetValue(verbose))
        {
            // Its own lines: the second is the filter, the third points at the place.
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
        catch (Exception e)
        {
            // A store of somebody else may throw anything.
            await configuration.Error.WriteLineAsync(parsed.GetValue(verbose) ? e.ToString() : e.Message.ReplaceLineEndings(" ")).ConfigureAwait(false);
            return 1;
        }
    }
}

/// <summary>What every verb gets.</summary>
/// <param name="Services">The services of the host.</param>
/// <param name="Format">The common option for the form of results.</param>
internal sealed record Verb(IServiceProvider Services, Option<OutputFormat> Format)
{
    /// <summary>Makes a command run <paramref name="action"/> after the stores are open and print the report that it returns.</summary>
    public void Run(Command command, Func<ParseResult, CancellationToken, Task<Report>> action) => RunClosed(command, async (parsed, cancellationToken) =>
    {
        await Services.OpenMlopsAsync(cancellationToken).ConfigureAwait(false);
        return await action(parsed, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>The same, without opening the stores of the host.</summary>
    public void RunClosed(Command command, Func<ParseResult, CancellationToken, Task<Report>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        var report = await action(parsed, cancellationToken).ConfigureAwait(false);
        report.Write(parsed.InvocationConfiguration.Output, parsed.GetValue(Format));
        if (report.Note is { } note)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(note).ConfigureAwait(false);
        }

        return report.ExitCode;
    });

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
