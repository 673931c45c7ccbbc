using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Mlops.Sdk;

namespace Microsoft.Extensions.Hosting;

/// <summary>Gives a host the <c>mlops</c> command line.</summary>
public static class MlopsHostExtensions
{
    /// <summary>
    /// Runs the host, as <c>RunAsync</c> does, unless the first argument is <c>mlops</c>: then it executes that verb with the host's own services, without starting the host, and returns.
    /// Use it as the last line of <c>Program.cs</c>: <c>return await app.RunMlopsAsync(args);</c>
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="cancellationToken">Stops the host or the verb.</param>
    /// <returns>The exit code: 0 pass or done, 1 error, 2 fail, 3 inconclusive.</returns>
    public static async Task<int> RunMlopsAsync(this IHost host, IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        if (args is not ["mlops", ..])
        {
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }

        using (host)
        {
            // The loggers of a console share this object. Results are on the standard output, alone.
            host.Services.GetService<IOptionsMonitor<ConsoleLoggerOptions>>()?.CurrentValue.LogToStandardErrorThreshold = LogLevel.Trace;
            return await MlopsCommandLine.RunAsync(host.Services, [.. args.Skip(1)], cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
