using System.Diagnostics;
using System.Globalization;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Says on the error stream how far something is, when it takes more than a second and once a second after.</summary>
/// <param name="error">The error stream.</param>
/// <param name="every">How often; null for once a second.</param>
internal sealed class Progress(TextWriter error, TimeSpan? every = null)
{
    private readonly TimeSpan interval = every ?? TimeSpan.FromSeconds(1);
    private long last = Stopwatch.GetTimestamp();

    public void Report(string what, long done)
    {
        if (Stopwatch.GetElapsedTime(last) >= interval)
        {
            last = Stopwatch.GetTimestamp();
            error.WriteLine($"{what}: {done.ToString("N0", CultureInfo.InvariantCulture)}");
        }
    }
}
