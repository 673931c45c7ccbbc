namespace Mlops.Sdk.Data;

/// <summary>The rules of a contract as one delegate. Thread-safe; immutable.</summary>
/// <remarks>A valid row costs tens of nanoseconds and no allocation. Where the runtime has no dynamic code (Native AOT), the rules are interpreted: slower, and allocating.</remarks>
public sealed class RowValidator<T> : IRowCheck<T>
{
    private readonly Func<T, bool> isValid;
    private readonly (Func<T, bool> IsBroken, Violation Violation)[] checks;

    internal RowValidator(DataContract contract, Func<T, bool> isValid, (Func<T, bool> IsBroken, Violation Violation)[] checks)
    {
        Contract = contract;
        this.isValid = isValid;
        this.checks = checks;
    }

    /// <summary>The contract that is checked.</summary>
    public DataContract Contract { get; }

    /// <inheritdoc/>
    public bool IsValid(T row) => row is not null ? isValid(row) : throw new ArgumentNullException(nameof(row));

    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(T row)
    {
        if (IsValid(row))
        {
            return [];
        }

        var violations = new List<Violation>();
        foreach (var (isBroken, violation) in checks)
        {
            if (isBroken(row))
            {
                violations.Add(violation);
            }
        }

        return violations;
    }
}
