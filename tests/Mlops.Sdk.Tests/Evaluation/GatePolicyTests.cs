using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

public sealed class GatePolicyTests
{
    public static TheoryData<GatePolicy, string> Unusable => new()
    {
        { new(" ") { Metric = Metrics.RocAuc, Floor = 0.5 }, "*the name takes 1 to 200 characters*" },
        { new("g") { Metric = Metrics.RocAuc }, "*'g'*asks for nothing; set Floor*" },
        { new("g") { Metric = Metrics.RocAuc, Floor = double.NaN }, "*Floor is a finite number*" },
        { new("g") { Metric = Metrics.RocAuc, BaselineMargin = -0.1 }, "*BaselineMargin*at least 0*" },
        { new("g") { Metric = Metrics.RocAuc, NonInferiorityMargin = double.PositiveInfinity }, "*NonInferiorityMargin*finite*" },
        { new("g") { Metric = Metrics.RocAuc, Floor = 0.5, Confidence = 95 }, "*for example 0.95*" },
        { new("g") { Metric = Metrics.RocAuc, Floor = 0.5, Resamples = 1999 }, "*Resamples is from 2000*" },
        { new("g") { Metric = Metrics.RocAuc, Floor = 0.5, Confidence = 0.999 }, "*0.999 needs Resamples of at least 20000*" },
        { new("g") { Metric = Metrics.RocAuc, Floor = 0.5, MinRows = 0 }, "*MinRows*at least 1*" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_policy_that_cannot_be_judged_is_refused_with_the_remedy(GatePolicy policy, string message)
    {
        var evaluate = () => new GateBench().EvaluateAsync(policy, new() { Rows = GateBench.Rows, Labels = [0, 1], Candidate = [0, 1] });

        await evaluate.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public async Task A_confidence_of_99_percent_is_fine_with_the_default_resamples() =>
        (await new GateBench().EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5, Confidence = 0.99 }, new Binormal(1).Draw(1000, 0.8))).Verdict.Should().Be(Verdict.Pass);

    [Fact]
    public async Task A_bad_option_is_named()
    {
        var evaluate = () => new GateBench(threads: -1).EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5 }, new() { Rows = GateBench.Rows, Labels = [0, 1], Candidate = [0, 1] });

        await evaluate.Should().ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Mlops:Evaluation:MaxThreads*");
    }
}
