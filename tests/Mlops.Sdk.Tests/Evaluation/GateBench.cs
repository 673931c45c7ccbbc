using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Tests.Registry;

namespace Mlops.Sdk.Tests.Evaluation;

/// <summary>An evaluator as a host gets it, with artifacts that stay readable for the test.</summary>
internal sealed class GateBench
{
    public static readonly Digest Rows = Digest.Of(Encoding.UTF8.GetBytes("held-out rows"));

    public GateBench(int threads = 0)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Evaluation:MaxThreads", threads.ToString(System.Globalization.CultureInfo.InvariantCulture))]).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops(configuration).UseInMemory().UseArtifactStore(_ => Artifacts);
        Evaluator = services.BuildServiceProvider(validateScopes: true).GetRequiredService<IModelEvaluator>();
    }

    public IModelEvaluator Evaluator { get; }

    public CarelessArtifactStore Artifacts { get; } = new();

    public static int Scale => int.TryParse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE"), System.Globalization.CultureInfo.InvariantCulture, out var scale) ? scale : 1;

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public Task<GateReport> EvaluateAsync(GatePolicy policy, GateInput input) => Evaluator.EvaluateAsync(policy, input, TestContext.Current.CancellationToken);

    /// <summary>The bytes that were stored for a report.</summary>
    public string Stored(GateReport report) => Encoding.UTF8.GetString(Artifacts.Objects[report.Artifact.Digest]);
}
