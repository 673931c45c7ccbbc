using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Serving;

internal sealed class Question
{
    public float Number { get; set; }
}

internal sealed class Answer
{
    public float Value { get; set; }
}

/// <summary>A question whose attributes are its contract.</summary>
internal sealed class RuledQuestion
{
    [Range(0L, 100L)]
    public float Number { get; set; }
}

/// <summary>One rule: the number is not negative.</summary>
internal sealed class NotNegative : IRowCheck<Question>
{
    public bool IsValid(Question row) => row.Number >= 0;

    public IReadOnlyList<Violation> Check(Question row) => IsValid(row) ? [] : [new("number.range", "number", "at least 0")];
}
