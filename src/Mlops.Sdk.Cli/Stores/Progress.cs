using System.Diagnostics;
using System.Globalization;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Says on the error stream how far something is, when it takes more than a second and once a second after.</summary>
internal sealed class Progress(TextWriter error)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private long last = Stopwatch.GetTimestamp();

    public void Report(string what, long done)
    {
        if (Stopwatch.GetElapsedTime(last) >= Every)
        {
            last = Stopwatch.GetTimestamp();
            error.WriteLine($"{what}: {done.ToString("N0", CultureInfo.InvariantCulture)}");
        }
    }
}
