using System.Globalization;

namespace Mlops.Sdk.Evaluation;

/// <summary>Refuses policies that cannot be judged.</summary>
internal static class GateGuard
{
    private const int MaxResamples = 1_000_000;
    private const int MaxName = 200;

    // With fewer resamples beyond a bound, the bound itself would be mostly chance.
    private const int MinTail = 10;

    public static void Verify(GatePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Require(!string.IsNullOrWhiteSpace(policy.Name) && policy.Name.Length <= MaxName, policy, $"the name takes 1 to {MaxName} characters");
        Require(policy.Metric is not null && !string.IsNullOrWhiteSpace(policy.Metric.Name), policy, $"set {nameof(policy.Metric)}, a metric with a name");
        Require(
            (policy.Floor ?? policy.BaselineMargin ?? policy.NonInferiorityMargin) is not null,
            policy,
            $"it asks for nothing; set {nameof(policy.Floor)}, {nameof(policy.BaselineMargin)} or {nameof(policy.NonInferiorityMargin)}");
        Require(policy.Floor is null || double.IsFinite(policy.Floor.Value), policy, $"{nameof(policy.Floor)} is a finite number");
        Require(IsMargin(policy.BaselineMargin), policy, $"{nameof(policy.BaselineMargin)} is a finite number of at least 0");
        Require(IsMargin(policy.NonInferiorityMargin), policy, $"{nameof(policy.NonInferiorityMargin)} is a finite number of at least 0");
        Require(policy.Confidence is > 0.5 and < 1, policy, $"{nameof(policy.Confidence)} is between 0.5 and 1, for example 0.95");
        Require(policy.MinRows > 0 && policy.MinClusters > 0, policy, $"{nameof(policy.MinRows)} and {nameof(policy.MinClusters)} are at least 1");
        Require(policy.Resamples is >= GatePolicy.DefaultResamples and <= MaxResamples, policy, $"{nameof(policy.Resamples)} is from {GatePolicy.DefaultResamples} to {MaxResamples}");
        var needed = Math.Ceiling((2 * MinTail / (1 - policy.Confidence)) - 1e-6);
        Require(policy.Resamples >= needed, policy, string.Create(CultureInfo.InvariantCulture, $"a confidence of {policy.Confidence} needs {nameof(policy.Resamples)} of at least {needed}"));
    }

    private static bool IsMargin(double? margin) => margin is null || (double.IsFinite(margin.Value) && margin >= 0);

    private static void Require(bool holds, GatePolicy policy, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"The gate '{policy.Name}' cannot be judged: {what}.", nameof(policy));
        }
    }
}
