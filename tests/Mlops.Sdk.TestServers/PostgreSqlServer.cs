using System.Diagnostics;
using Xunit;

namespace Mlops.Sdk.TestServers;

/// <summary>
/// A PostgreSQL server of its own for the tests of one assembly: fresh data in a temporary folder, on a free port of the loopback interface. Use it as an assembly fixture. Without PostgreSQL
/// on the machine <see cref="ConnectionString"/> skips the test with that reason.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private const string User = "postgres";
    private const string Password = "only for tests";
    private static readonly string[] Folders = [.. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(d => Path.Combine(d, "bin")) : []];
    private readonly int port = ServerProcess.FreePort();
    private string? folder;
    private Process? process;

    /// <summary>How to connect to the database <c>postgres</c> as its owner.</summary>
    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(folder is null, "PostgreSQL is not installed (Debian: postgresql).");
            return FormattableString.Invariant($"Host=127.0.0.1;Port={port};Username={User};Password={Password};Database=postgres;Max Auto Prepare=100;Timeout=5");
        }
    }

    public ValueTask InitializeAsync()
    {
        if (ServerProcess.Find("initdb", Folders) is not { } initdb)
        {
            return default;
        }

        folder = ServerProcess.CreateFolder("mlops-postgres-", User);
        var password = Path.Combine(folder, "password");
        File.WriteAllText(password, Password);
        ServerProcess.Run(initdb, ["-D", Path.Combine(folder, "data"), "-U", User, "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--locale=C.UTF-8"], User);
        Start();
        return default;
    }

    /// <summary>Ends the server without any clean-up, as a crash does, and starts it again: it recovers from its log.</summary>
    public void Crash()
    {
        Signal("-QUIT");
        process!.WaitForExit();
        process.Dispose();
        Start();
    }

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Signal("-INT");
            process.WaitForExit(TimeSpan.FromSeconds(20));
            process.Dispose();
        }

        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return default;
    }

    /// <summary>To the server itself, which is not our child when setpriv replaced itself by it: the process number stays the same.</summary>
    private void Signal(string signal) => ServerProcess.Run("kill", [signal, FormattableString.Invariant($"{process!.Id}")], null);

    private void Start()
    {
        var postgres = ServerProcess.Find("postgres", Folders)!;
        process = ServerProcess.StartServer(
            postgres,
            ["-D", Path.Combine(folder!, "data"), "-p", FormattableString.Invariant($"{port}"), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}", "-c", "max_connections=200", "-c", "shared_buffers=128MB"],
            User,
            "ready to accept connections");
    }
}
