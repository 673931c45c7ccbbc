using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Mlops.Sdk.StoreWorker;

/// <summary>A worker in a process of its own. Everything that it prints goes to the acknowledgements.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Acknowledgements acknowledgements;
    private readonly Channel<bool> lines = Channel.CreateUnbounded<bool>();
    private readonly Task reading;

    private WorkerProcess(Process process, Acknowledgements acknowledgements)
    {
        this.process = process;
        this.acknowledgements = acknowledgements;
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Starts a worker that works for ever, or as many rounds as given on each thread.</summary>
    public static WorkerProcess Start(string address, int worker, int threads, Acknowledgements acknowledgements, int rounds = 0)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Mlops.Sdk.StoreWorker" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        string[] arguments = [address, Text(worker), Text(threads), Text(rounds)];
        return new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!, acknowledgements);
    }

    /// <summary>Waits until it has printed so many more lines.</summary>
    public async Task PrintedAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await lines.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Ends it in the middle of whatever it does (kill -9), and takes what it had printed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>Waits for its end and returns the exit code: 0 when nothing failed.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        await reading;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledgements.Add(line);
            lines.Writer.TryWrite(true);
        }

        lines.Writer.TryComplete();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
