using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mlops.Sdk.Commands.Tests;

/// <summary>The program on the README's first screen, run as a user runs it.</summary>
public sealed class QuickStartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-quickstart-");

    [Fact]
    public async Task The_service_trains_serves_finds_finished_steps_again_and_answers_mlops_verbs()
    {
        var stop = TestContext.Current.CancellationToken;
        File.Copy(Path.Combine(Sample(), "cars.csv"), Path.Combine(folder.FullName, "cars.csv"));
        using (var service = Start("--urls", "http://127.0.0.1:0"))
        {
            try
            {
                using var http = new HttpClient { BaseAddress = await AddressAsync(service) };
                var first = await PostAsync(http, "/train", null);
                var second = await PostAsync(http, "/train", null);
                first.GetProperty("stepsExecuted").GetInt32().Should().Be(4);
                second.GetProperty("stepsExecuted").GetInt32().Should().Be(2, "the file is read and the alias looked at again");
                second.GetProperty("output").GetProperty("version").GetInt32().Should().Be(1);

                var car = new { cylinders = 4, horsepower = 90, weight = 2200, year = 1980, origin = "Japan" };
                var answer = await EventuallyAsync(() => PostAsync(http, "/predict", car));
                answer.GetProperty("version").GetInt32().Should().Be(1);
                answer.GetProperty("milesPerGallon").GetDouble().Should().BeInRange(25, 45);
                (await http.GetStringAsync("/health", stop)).Should().Be("Healthy");
            }
            finally
            {
                service.Kill();
            }
        }

        using var verb = Start("mlops", "models", "list", "--format", "json");
        using var models = JsonDocument.Parse(await verb.StandardOutput.ReadToEndAsync(stop));
        models.RootElement[0].GetProperty("model").GetString().Should().Be("fuel-economy");
        using var doctor = Start("mlops", "doctor");
        (await doctor.StandardOutput.ReadToEndAsync(stop)).Should().Contain("fuel-economy@champion serves version 1");
        await doctor.WaitForExitAsync(stop);
        doctor.ExitCode.Should().Be(0);

        // Nothing but JSON on the output, although the service logs to the console and now has something to say.
        Directory.Delete(Path.Combine(folder.FullName, ".mlops", "artifacts"), recursive: true);
        using var ill = Start("mlops", "doctor", "--format", "json");
        using var report = JsonDocument.Parse(await ill.StandardOutput.ReadToEndAsync(stop));
        await ill.WaitForExitAsync(stop);
        ill.ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task The_readme_shows_the_program_and_the_pipeline_as_they_are()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Sample(), "..", "..", "..", "README.md"), TestContext.Current.CancellationToken);
        var program = await File.ReadAllTextAsync(Path.Combine(Sample(), "Program.cs"), TestContext.Current.CancellationToken);
        var pipeline = await File.ReadAllTextAsync(Path.Combine(Sample(), "TrainFuelEconomy.cs"), TestContext.Current.CancellationToken);

        var blocks = readme.Split("```csharp\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();

        blocks.Should().HaveCount(2);
        program.Should().Contain(blocks[0]);
        pipeline.Should().Contain(blocks[1]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string Sample()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Mlops.Sdk.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("Mlops.Sdk.sln is not above the test.");
        }

        return Path.Combine(at.FullName, "docs", "samples", "QuickStart");
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QuickStart.dll"), .. args])
    {
        WorkingDirectory = folder.FullName,
        RedirectStandardOutput = true,
    })!;

    private static async Task<Uri> AddressAsync(Process service)
    {
        const string Marker = "Now listening on: ";
        while (await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf(Marker, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = service.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                return new Uri(line[(at + Marker.Length)..]);
            }
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object? body)
    {
        using var response = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    /// <summary>The follower hears of the new version a moment after the training ends.</summary>
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        for (var left = 100; ; left--)
        {
            try
            {
                return await attempt();
            }
            catch (HttpRequestException) when (left > 0)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
