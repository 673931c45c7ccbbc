using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Who may do what about an approval, and what comes of it.</summary>
internal static class ApprovalRules
{
    public static string Text(ApprovalState state) => state switch
    {
        ApprovalState.Requested => "requested",
        ApprovalState.Approved => "approved",
        ApprovalState.Rejected => "rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "This is not a state of an approval."),
    };

    public static ApprovalState Parse(string text) => text switch
    {
        "requested" => ApprovalState.Requested,
        "approved" => ApprovalState.Approved,
        "rejected" => ApprovalState.Rejected,
        _ => throw new CorruptedException($"'{text}' is not a state of an approval."),
    };

    /// <summary>What the decision makes of the approval; null when it changes nothing. Names of people are compared without regard to case, so that one person cannot pass as two.</summary>
    /// <exception cref="ApprovalException">The actor may not, or nobody has asked.</exception>
    public static (ApprovalRecord Record, string Event)? Decide(ApprovalRecord? now, ApprovalDecision decision, string actor, ModelVersion version)
    {
        var state = now is null ? default(ApprovalState?) : Parse(now.State);
        var what = $"Version {version.Version} of model '{version.Model}'";
        return decision switch
        {
            ApprovalDecision.Request => state is ApprovalState.Requested or ApprovalState.Approved ? null : (new(Text(ApprovalState.Requested), actor, []), ApprovalRequested),
            _ when now is null => throw new ApprovalException($"{what} is not up for approval. Ask for it with RequestApprovalAsync."),
            ApprovalDecision.Reject => state is ApprovalState.Rejected ? null : (now with { State = Text(ApprovalState.Rejected), Approvers = [] }, ApprovalRejected),
            _ when state is ApprovalState.Rejected => throw new ApprovalException($"{what} was rejected. Ask for approval again with RequestApprovalAsync."),
            _ when IsOneOf([version.Actor], actor) => throw new ApprovalException($"'{actor}' registered version {version.Version} of model '{version.Model}' and cannot approve it. Let somebody else approve it; who acts is what the host's IActorAccessor says."),
            _ when IsOneOf([now.Requester], actor) => throw new ApprovalException($"'{actor}' asked for the approval of version {version.Version} of model '{version.Model}' and cannot give it. Let somebody else approve it; who acts is what the host's IActorAccessor says."),
            _ => IsOneOf(now.Approvers, actor) ? null : (now with { State = Text(ApprovalState.Approved), Approvers = [.. now.Approvers, actor] }, ApprovalApproved),
        };
    }

    /// <summary>The current round of a version's approval, from its events; null when there is none.</summary>
    public static ModelApproval? Fold(ModelApproval? approval, ModelEvent next) => next.Type switch
    {
        ApprovalRequested => new(next.Model, next.Version!.Value, ApprovalState.Requested, next.Actor, next.At, next.Why),
        ApprovalApproved => approval! with { State = ApprovalState.Approved, Votes = [.. approval.Votes, new(next.Actor, ApprovalDecision.Approve, next.At, next.Why)] },
        ApprovalRejected => approval! with { State = ApprovalState.Rejected, Votes = [.. approval.Votes, new(next.Actor, ApprovalDecision.Reject, next.At, next.Why)] },
        _ => approval,
    };

    private static bool IsOneOf(IEnumerable<string> actors, string actor) => actors.Contains(actor, StringComparer.OrdinalIgnoreCase);
}
