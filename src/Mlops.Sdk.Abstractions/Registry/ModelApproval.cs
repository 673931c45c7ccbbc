namespace Mlops.Sdk.Registry;

/// <summary>Whether people let a version into use: the current round, from the last request on. Rounds before it are in <see cref="IModelRegistry.ListEventsAsync"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Where the round stands.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="RequestedAt">When, by the store's clock.</param>
/// <param name="Why">The reason given, or null.</param>
public sealed record ModelApproval(string Model, int Version, ApprovalState State, string RequestedBy, DateTimeOffset RequestedAt, string? Why)
{
    /// <summary>Who approved or rejected, oldest first.</summary>
    public IReadOnlyList<ApprovalVote> Votes { get; init; } = [];
}

/// <summary>An approval or a rejection.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Decision"><see cref="ApprovalDecision.Approve"/> or <see cref="ApprovalDecision.Reject"/>.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Why">The reason given, or null.</param>
public sealed record ApprovalVote(string Actor, ApprovalDecision Decision, DateTimeOffset At, string? Why);

/// <summary>Where the approval of a version stands.</summary>
public enum ApprovalState
{
    /// <summary>Somebody asked; nobody has approved yet.</summary>
    Requested,

    /// <summary>At least one approved, and nobody rejected since. How many an alias asks for is up to <c>RegistryOptions.RequiredApprovals</c>.</summary>
    Approved,

    /// <summary>Somebody rejected, and nobody has asked again.</summary>
    Rejected,
}

/// <summary>What can be done about an approval.</summary>
public enum ApprovalDecision
{
    /// <summary>Asks for approval; after a rejection this begins a new round. Asking again meanwhile changes nothing.</summary>
    Request,

    /// <summary>Approves. Neither who registered the version nor who asked may do it; the same person counts once.</summary>
    Approve,

    /// <summary>Rejects, or takes approval back. Anybody may, at any time after the request.</summary>
    Reject,
}
