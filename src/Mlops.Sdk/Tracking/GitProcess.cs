using System.ComponentModel;
using System.Diagnostics;

namespace Mlops.Sdk.Tracking;

/// <summary>Calls git, in a way that runs nothing that a repository's configuration names and takes no locks.</summary>
internal static class GitProcess
{
    /// <summary>The output of a git command, cut at a limit; null when git is missing or says no.</summary>
    public static async Task<Output?> RunAsync(string directory, int limit, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in (string[])["-c", "core.fsmonitor=false", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            var (content, truncated) = await ReadAsync(process.StandardOutput.BaseStream, limit, cancellationToken).ConfigureAwait(false);
            if (truncated)
            {
                process.Kill(entireProcessTree: true);
                return new(content, true);
            }

            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0 ? new(content, false) : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task<(byte[] Content, bool Truncated)> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Length <= limit)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return (content.ToArray(), false);
            }

            content.Write(buffer, 0, read);
        }

        return (content.ToArray()[..limit], true);
    }

    /// <summary>What git wrote.</summary>
    internal sealed record Output(byte[] Content, bool Truncated)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Content);
    }
}
