using System.Diagnostics;
using Xunit;

namespace Mlops.Sdk.TestServers;

/// <summary>
/// A MariaDB server of its own for the tests of one assembly: fresh data in a temporary folder, on a free port of the loopback interface. Use it as an assembly fixture. Without MariaDB on the machine
/// <see cref="ConnectionString"/> skips the test with that reason.
/// </summary>
public sealed class MariaDbServer : IAsyncLifetime
{
    private const string SystemUser = "mysql";
    private const string User = "mlops";
    private const string Password = "only for tests";
    private readonly int port = ServerProcess.FreePort();
    private string? folder;
    private Process? process;

    /// <summary>How to connect as a user who may create databases; names no database.</summary>
    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(folder is null, "MariaDB is not installed (Debian: mariadb-server).");
            return FormattableString.Invariant($"Server=127.0.0.1;Port={port};User ID={User};Password={Password};Connection Timeout=5");
        }
    }

    public ValueTask InitializeAsync()
    {
        if (ServerProcess.Find("mariadb-install-db", "/usr/bin") is not { } install || ServerProcess.Find("mariadbd", "/usr/sbin") is null)
        {
            return default;
        }

        folder = ServerProcess.CreateFolder("mlops-mariadb-", SystemUser);
        File.WriteAllText(Path.Combine(folder, "init.sql"), $"create user if not exists '{User}'@'%' identified by '{Password}';\ngrant all on *.* to '{User}'@'%';\n");
        ServerProcess.Run(install, ["--no-defaults", $"--datadir={Path.Combine(folder, "data")}", "--auth-root-authentication-method=normal", "--skip-test-db"], SystemUser);
        Start();
        return default;
    }

    /// <summary>Kills the server in the middle of whatever it does and starts it again: it recovers from its log.</summary>
    public void Crash()
    {
        Signal("-KILL");
        process!.WaitForExit();
        process.Dispose();
        Start();
    }

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Signal("-TERM");
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
        process = ServerProcess.StartServer(
            ServerProcess.Find("mariadbd", "/usr/sbin")!,
            [
                "--no-defaults", $"--datadir={Path.Combine(folder!, "data")}", $"--socket={Path.Combine(folder!, "socket")}", $"--pid-file={Path.Combine(folder!, "pid")}", $"--tmpdir={folder}",
                $"--init-file={Path.Combine(folder!, "init.sql")}", "--bind-address=127.0.0.1", FormattableString.Invariant($"--port={port}"), "--skip-name-resolve", "--max-connections=200",
            ],
            SystemUser,
            "ready for connections");
    }
}
