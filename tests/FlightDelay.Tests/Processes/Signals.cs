using System.Diagnostics;
using System.Globalization;

namespace FlightDelay.Tests.Processes;

internal static class Signals
{
    private const int Interrupt = 2;

    /// <summary>Presses Ctrl-C once the process has printed a line that begins with <paramref name="after"/>.</summary>
    public static async Task CancelAsync(Process process, string after)
    {
        while (await process.StandardError.ReadLineAsync() is { } line && !line.StartsWith(after, StringComparison.Ordinal))
        {
        }

        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{(InterruptIsIgnored() ? "TERM" : "INT")} {process.Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>A shell starts background commands with Ctrl-C ignored, and children inherit that.</summary>
    private static bool InterruptIsIgnored() =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored.Split('\t')[1], 16) & (1UL << (Interrupt - 1))) != 0;
}
