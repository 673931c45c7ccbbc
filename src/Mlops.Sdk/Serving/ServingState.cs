namespace Mlops.Sdk.Serving;

/// <summary>What a predictor serves, and why not something newer.</summary>
/// <param name="Version">The version served, or null.</param>
/// <param name="Candidate">The version that was refused, or null when it is not known.</param>
/// <param name="Reason">Why, or null when all is well.</param>
internal sealed record ServingState(int? Version, int? Candidate = null, string? Reason = null)
{
    public static ServingState Starting { get; } = new(null, null, "it is not loaded yet");

    /// <summary>One sentence without its subject.</summary>
    public string Describe() => (Version, Candidate, Reason) switch
    {
        (_, _, null) => $"serves version {Version}.",
        (null, null, _) => $"serves nothing: {Reason.TrimEnd('.')}.",
        (null, _, _) => $"serves nothing: version {Candidate} was refused: {Reason.TrimEnd('.')}.",
        (_, null, _) => $"serves version {Version}, but cannot follow the alias: {Reason.TrimEnd('.')}.",
        _ => $"serves version {Version}; version {Candidate} was refused: {Reason.TrimEnd('.')}.",
    };
}
