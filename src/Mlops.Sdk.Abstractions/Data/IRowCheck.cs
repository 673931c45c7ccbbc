namespace Mlops.Sdk.Data;

/// <summary>The row rules of a contract, ready to check one record. Thread-safe.</summary>
/// <typeparam name="T">The record that the contract describes.</typeparam>
public interface IRowCheck<in T>
{
    /// <summary>Whether the row breaks no rule. The fast path: no allocation where dynamic code is available.</summary>
    bool IsValid(T row);

    /// <summary>Every broken rule, in the order of the contract; empty for a valid row.</summary>
    IReadOnlyList<Violation> Check(T row);
}
