using System.Diagnostics;
using System.Text.Json;

namespace FlightDelay.Tests.Processes;

/// <summary>The sample as a process, with a home of its own.</summary>
internal sealed class Sample(string home)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "FlightDelay.dll");

    public string Home { get; } = home;

    public async Task<Run> RunAsync(params IEnumerable<string> args)
    {
        using var process = Start(args);
        return await FinishAsync(process);
    }

    /// <summary>With these arguments only, as they are.</summary>
    public static async Task<Run> RunExactlyAsync(params string[] args)
    {
        using var process = StartExactly(args);
        return await FinishAsync(process);
    }

    public Process Start(params IEnumerable<string> args) => StartExactly(["--home", Home, "--json", .. args]);

    private static Process StartExactly(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var arg in (string[])[Program, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    public static async Task<Run> FinishAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>A finished run.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    /// <summary>The result, which is all of the standard output.</summary>
    public Result Result => JsonSerializer.Deserialize<Result>(Output, JsonSerializerOptions.Web) ?? throw new InvalidOperationException(Error);

    public Run ShouldExitWith(int code)
    {
        ExitCode.Should().Be(code, "the standard error was: {0}", Error);
        return this;
    }

    /// <summary>The error is one line that says <paramref name="parts"/>, and nothing was printed as a result.</summary>
    public void ShouldFailWith(params string[] parts)
    {
        ShouldExitWith(1);
        Output.Should().BeEmpty();
        Error.Should().NotContain("   at ");
        var line = Error.TrimEnd().Split('\n')[^1];
        foreach (var part in parts)
        {
            line.Should().Contain(part, "the standard error was: {0}", Error);
        }
    }
}

internal sealed record Result(
    long Rows,
    long Valid,
    long Quarantined,
    Dictionary<string, long> Reasons,
    string DatasetDigest,
    string? ModelDigest,
    int StepsExecuted,
    int StepsCached,
    string? Verdict,
    int? Version,
    string? Alias);
