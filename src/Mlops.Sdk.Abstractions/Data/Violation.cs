namespace Mlops.Sdk.Data;

/// <summary>One broken rule of a contract.</summary>
/// <param name="Rule">The stable reason, for example <c>delay.range</c>, or the name of a cross-column rule. The same from every engine.</param>
/// <param name="Column">The column, or null for a cross-column rule.</param>
/// <param name="Message">What the rule asks for, for people. Never contains the value that broke it.</param>
public sealed record Violation(string Rule, string? Column, string Message);
