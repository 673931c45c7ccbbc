namespace Mlops.Sdk.Evaluation;

/// <summary>What a gate, or one check of it, answers.</summary>
public enum Verdict
{
    /// <summary>The data show that the requirement holds.</summary>
    Pass,

    /// <summary>The data show that the requirement does not hold, or a score is not a number.</summary>
    Fail,

    /// <summary>The data do not decide. Never a pass: collect more rows, or look yourself.</summary>
    Inconclusive,
}
