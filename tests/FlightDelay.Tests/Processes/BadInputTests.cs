using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk;
using Mlops.Sdk.Serving;

namespace FlightDelay.Tests.Processes;

public sealed class BadInputTests(TrainedHome trained) : IClassFixture<TrainedHome>
{
    [Fact]
    public async Task A_truncated_file_is_named_and_nothing_of_it_is_kept()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(trained.Data);
        File.WriteAllBytes(folder["truncated.parquet"], bytes[..(bytes.Length / 2)]);
        var sample = new Sample(folder["home"]);

        (await sample.RunAsync("--data", folder["truncated.parquet"])).ShouldFailWith(folder["truncated.parquet"]);

        Artifacts(sample).Should().BeEmpty();
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();

        (await new Sample(folder["home"]).RunAsync("--data", folder["nowhere.parquet"])).ShouldFailWith(folder["nowhere.parquet"], "does not exist");
    }

    [Fact]
    public async Task A_column_of_another_type_is_named()
    {
        using var folder = new TemporaryFolder();
        var data = SmallData.Write(folder["typed.parquet"], "SELECT date, delay::VARCHAR AS delay, distance, origin, destination FROM flights LIMIT 10");

        (await new Sample(folder["home"]).RunAsync("--data", data)).ShouldFailWith("'typed.parquet'", "delay", "VARCHAR");
    }

    [Fact]
    public async Task A_column_that_the_contract_names_and_the_file_lacks_is_named()
    {
        using var folder = new TemporaryFolder();
        var data = SmallData.Write(folder["lacking.parquet"], "SELECT date, distance, origin, destination FROM flights LIMIT 10");

        (await new Sample(folder["home"]).RunAsync("--data", data)).ShouldFailWith("'lacking.parquet'", "delay");
    }

    [Fact]
    public async Task A_corrupted_artifact_is_named_and_made_again()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        var largest = Artifacts(sample).MaxBy(file => new FileInfo(file).Length)!;
        ChangeByte(largest);

        var run = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0);

        run.Error.Should().Contain($"the artifact sha256:{Path.GetFileName(largest)} was corrupted");
        run.Result.Should().BeEquivalentTo(trained.Result with { StepsExecuted = 1, StepsCached = 13 });
    }

    [Fact]
    public async Task A_package_with_a_changed_byte_is_not_loaded()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        var models = Artifacts(sample).Where(file => File.ReadAllBytes(file).AsSpan().StartsWith("PK"u8)).ToList();
        models.Should().HaveCount(3);
        models.ForEach(ChangeByte);

        (await sample.RunAsync("--data", trained.Data, "--seed", "2")).ShouldFailWith("model/model.zip", "package sha256:", "was changed", "Restore it");
    }

    [Fact]
    public async Task A_database_of_a_newer_schema_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        using (var connection = new SqliteConnection($"Data Source={folder["home/mlops.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE store SET schema = 99";
            command.ExecuteNonQuery();
        }

        (await sample.RunAsync("--data", trained.Data)).ShouldFailWith(folder["home/mlops.db"], "99", "Upgrade");
    }

    [Fact]
    public async Task A_full_disk_is_said_and_nothing_half_written_stays()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["home"]);
        Assert.SkipUnless(Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder["home"]), "A full disk is a small tmpfs, which only root can mount.");
        try
        {
            var sample = new Sample(folder["home"]);

            (await sample.RunAsync("--data", SmallData.Full)).ShouldFailWith(folder["home"], "full");

            Directory.EnumerateFiles(Path.Combine(sample.Home, "artifacts", "tmp")).Should().BeEmpty();
        }
        finally
        {
            (await RunAsync("umount", folder["home"])).Should().BeTrue();
        }
    }

    [Fact]
    public async Task An_unknown_alias_is_named_with_what_exists()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        var services = new ServiceCollection().AddLogging();
        services.AddMlops()
            .UseSqlite(o => o.Path = Path.Combine(sample.Home, "mlops.db"))
            .UseFileArtifacts(o => o.Root = Path.Combine(sample.Home, "artifacts"))
            .UseMLNet()
            .AddPredictor<FlightDelay.Features.FlightFeatures, FlightDelay.Training.LatePrediction>("flight-delay", o => o.Alias = "champoin");
        await using var provider = services.BuildServiceProvider();
        await provider.OpenMlopsAsync(TestContext.Current.CancellationToken);
        var predictor = provider.GetRequiredService<IPredictor<FlightDelay.Features.FlightFeatures, FlightDelay.Training.LatePrediction>>();

        var refresh = () => predictor.RefreshAsync(TestContext.Current.CancellationToken);

        (await refresh.Should().ThrowAsync<NotFoundException>()).WithMessage("*champoin*champion*");
    }

    [Fact]
    public async Task A_host_without_a_store_says_how_to_get_one()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMlops().UseMLNet();
        await using var provider = services.BuildServiceProvider();

        var open = () => provider.OpenMlopsAsync(TestContext.Current.CancellationToken);

        (await open.Should().ThrowAsync<MlopsException>()).WithMessage("*UseSqlite*");
    }

    [Fact]
    public async Task An_unknown_option_is_named()
    {
        using var folder = new TemporaryFolder();

        var run = (await new Sample(folder["home"]).RunAsync("--sede", "2")).ShouldExitWith(1);

        run.Error.Should().Contain("--sede");
        Directory.Exists(folder["home"]).Should().BeFalse();
    }

    private static List<string> Artifacts(Sample sample)
    {
        var folder = Path.Combine(sample.Home, "artifacts");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
    }

    private static void ChangeByte(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static async Task<bool> RunAsync(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
