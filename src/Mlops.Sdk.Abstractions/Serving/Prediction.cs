using Mlops.Sdk.Data;

namespace Mlops.Sdk.Serving;

/// <summary>The answer to one input: a value from a version, or the rules of the contract that the input breaks.</summary>
/// <typeparam name="TOut">The output row.</typeparam>
public readonly struct Prediction<TOut>
    where TOut : class
{
    private readonly TOut? value;
    private readonly IReadOnlyList<Violation>? violations;

    /// <summary>An answer of a version.</summary>
    public Prediction(TOut value, int version)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
        Version = version;
    }

    /// <summary>A rejection. No model saw the input.</summary>
    public Prediction(IReadOnlyList<Violation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        this.violations = violations;
    }

    /// <summary>Whether there is a value: the input kept the contract.</summary>
    public bool IsValid => value is not null;

    /// <summary>The model's output.</summary>
    /// <exception cref="InvalidOperationException">The input was rejected: look at <see cref="Violations"/>, or ask <see cref="IsValid"/> first.</exception>
    public TOut Value => value ?? throw Rejected();

    /// <summary>The version that answered; 0 when the input was rejected.</summary>
    public int Version { get; }

    /// <summary>The broken rules; empty when <see cref="IsValid"/>.</summary>
    public IReadOnlyList<Violation> Violations => violations ?? [];

    private InvalidOperationException Rejected() =>
        new($"The input was rejected, so there is no value. Broken rules: {string.Join(", ", Violations.Select(v => v.Rule))}. Ask IsValid before Value.");
}
