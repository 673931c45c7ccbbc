using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Approvals of versions, and what they mean for aliases.</summary>
internal sealed class Approvals(RegistrySpine spine, IDictionary<string, int> required)
{
    /// <summary>False when there is no such version.</summary>
    public async Task<bool> DecideAsync(string model, int version, ApprovalDecision decision, string? why, CancellationToken cancellationToken)
    {
        var actor = spine.Actor;
        var (target, id) = (VersionId(spine.Workspace, model, version), ApprovalId(spine.Workspace, model, version));
        for (var attempt = 0; attempt < RegistrySpine.Attempts; attempt++)
        {
            var found = await spine.Store.FindAsync([target, id], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
            if (found[0] is not { } entity || RegistryReader.Version(entity) is not { } registered)
            {
                return false;
            }

            var now = found[1] is { } stored ? RegistryJson.Read(stored, RegistryJson.Default.ApprovalRecord) : null;
            if (ApprovalRules.Decide(now, decision, actor, registered) is not var (next, type))
            {
                return true;
            }

            var body = RegistryJson.Body(next, RegistryJson.Default.ApprovalRecord);
            var result = await spine.CommitAsync(
                actor,
                [
                    RegistrySpine.Alive(target),
                    found[1] is { } before ? new Change.Put(id, before.Revision, body) : new Change.Create(id, body),
                    new Change.Set(target, Approval, next.State),
                    RegistrySpine.Note(target, type, why),
                ],
                cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return true;
            }
        }

        throw RegistrySpine.Busy($"The approval of version {version} of model '{model}'");
    }

    /// <summary>
    /// The guard under which the alias may point at the version: that its approval is still the one that was seen; null where the alias asks for none. False when there is no such version, and then the alias
    /// must not be moved: the version may come into being, without approval, at the next moment.
    /// </summary>
    /// <exception cref="ApprovalException">Approvals are missing.</exception>
    public async Task<(bool Found, Change.Require? Guard)> GuardAsync(string model, string alias, int version, CancellationToken cancellationToken)
    {
        if (!required.TryGetValue(alias, out var count))
        {
            return (true, null);
        }

        var id = ApprovalId(spine.Workspace, model, version);
        var found = await spine.Store.FindAsync([VersionId(spine.Workspace, model, version), id], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        if (found[0] is not { } target || target.Attributes!.ContainsKey(Deleted))
        {
            return (false, null);
        }

        var record = found[1] is { } stored ? RegistryJson.Read(stored, RegistryJson.Default.ApprovalRecord) : null;
        return record?.Approvers.Count >= count ? (true, new(id) { Revision = found[1]!.Revision }) : throw new ApprovalException(
            $"Alias '{alias}' takes only versions with {(count == 1 ? "an approval" : $"{count} approvals")}; version {version} of model '{model}' {Say(record)}. Nothing was changed. "
            + (record is null || record.State == ApprovalRules.Text(ApprovalState.Rejected) ? "Ask with RequestApprovalAsync, and let somebody who did not register it call ApproveAsync." : "Let somebody who neither registered it nor asked call ApproveAsync."));
    }

    private static string Say(ApprovalRecord? record) => record switch
    {
        null => "has none, and nobody has asked for one",
        _ when record.State == ApprovalRules.Text(ApprovalState.Rejected) => "was rejected",
        _ => $"has {record.Approvers.Count}",
    };
}
