using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

/// <summary>
/// What the verdicts promise, counted over simulated evaluations of which the truth is known. With 600 sets the standard error of a rate of 95 % is 0.9 points and that of 2.5 % is 0.6 points;
/// the bounds below are 2.8 of them away. Seeds are fixed, so a result never changes by chance.
/// </summary>
public sealed class CalibrationTests
{
    private static readonly int Sets = 600 * GateBench.Scale;
    private readonly GateBench bench = new();

    [Fact]
    public async Task An_interval_of_95_percent_holds_the_true_value_in_95_percent_of_evaluations()
    {
        var covered = 0;
        for (var set = 0; set < Sets; set++)
        {
            var check = (await bench.EvaluateAsync(Policy(floor: 0.5), new Binormal(set).Draw(300, candidateAuc: 0.75))).Checks[0];
            covered += check.Low <= 0.75 && 0.75 <= check.High ? 1 : 0;
        }

        ((double)covered / Sets).Should().BeInRange(0.925, 0.975);
    }

    [Fact]
    public async Task A_challenger_that_is_worse_by_exactly_the_margin_passes_and_fails_in_2_and_a_half_percent_of_evaluations_each()
    {
        var rates = await RatesAsync(challenger: 0.72, champion: 0.75, margin: 0.03, shared: 0.8);

        rates(Verdict.Pass).Should().BeInRange(0.005, 0.043);
        rates(Verdict.Fail).Should().BeInRange(0.005, 0.043);
    }

    [Fact]
    public async Task An_equal_challenger_is_passed_because_pairing_removes_the_noise_that_both_models_share()
    {
        // Without pairing the standard error of the difference would be 0.04 and 3 of 4 evaluations would be inconclusive.
        var rates = await RatesAsync(challenger: 0.75, champion: 0.75, margin: 0.05, shared: 0.95);

        rates(Verdict.Pass).Should().BeGreaterThan(0.95);
        rates(Verdict.Fail).Should().BeLessThan(0.005);
    }

    private static GatePolicy Policy(double? floor = null, double? margin = null) => new("calibration") { Metric = Metrics.RocAuc, Floor = floor, NonInferiorityMargin = margin, MinRows = 300 };

    private async Task<Func<Verdict, double>> RatesAsync(double challenger, double champion, double margin, double shared)
    {
        var verdicts = new List<Verdict>();
        for (var set = 0; set < Sets; set++)
        {
            verdicts.Add((await bench.EvaluateAsync(Policy(margin: margin), new Binormal(set).Draw(300, challenger, champion, shared))).Verdict);
        }

        return verdict => (double)verdicts.Count(v => v == verdict) / Sets;
    }
}
