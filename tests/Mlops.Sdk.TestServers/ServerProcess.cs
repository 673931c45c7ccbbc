using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Sdk.TestServers;

/// <summary>Starts programs of the system for tests: as an unprivileged user when the tests run as root, because database servers refuse root.</summary>
internal static class ServerProcess
{
    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The path of a program in one of some folders or on the PATH, or null.</summary>
    public static string? Find(string program, params string[] folders) => folders
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Makes a temporary folder that the server's user may write.</summary>
    public static string CreateFolder(string prefix, string user)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", ["-R", user, folder], null);
        }

        return folder;
    }

    public static Process Start(string program, IReadOnlyList<string> arguments, string? user)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        if (user is not null && Environment.IsPrivilegedProcess)
        {
            start.FileName = "setpriv";
            foreach (var argument in (string[])[$"--reuid={user}", $"--regid={user}", "--clear-groups", program, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }
        }
        else
        {
            start.FileName = program;
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        return process;
    }

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    public static Process StartServer(string program, IReadOnlyList<string> arguments, string user, string ready)
    {
        var process = Start(program, arguments, user);
        var lines = new List<string>();
        using var isReady = new ManualResetEventSlim();
        DataReceivedEventHandler read = (_, line) =>
        {
            lock (lines)
            {
                lines.Add(line.Data ?? "(end)");
            }

            if (line.Data is null || line.Data.Contains(ready, StringComparison.Ordinal))
            {
                isReady.Set();
            }
        };
        process.ErrorDataReceived += read;
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        if (!isReady.Wait(TimeSpan.FromMinutes(1)) || process.HasExited)
        {
            throw new InvalidOperationException($"{program} did not start: {string.Join(Environment.NewLine, lines)}");
        }

        process.ErrorDataReceived += (_, _) => { };
        process.ErrorDataReceived -= read;
        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    public static void Run(string program, IReadOnlyList<string> arguments, string? user)
    {
        using var process = Start(program, arguments, user);
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}");
        }
    }
}
