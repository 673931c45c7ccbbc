using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>Where the registry keeps things in the metadata spine.</summary>
internal static class RegistryEntities
{
    public const string ModelKind = "model";
    public const string VersionKind = "model-version";
    public const string AliasKind = "alias";
    public const string ApprovalKind = "approval";
    public const string RegistrationKind = "registration";

    public const string VersionRegistered = "version.registered";
    public const string VersionTagged = "version.tagged";
    public const string VersionEdited = "version.edited";
    public const string VersionDeleted = "version.deleted";
    public const string VersionRestored = "version.restored";
    public const string ModelTagged = "model.tagged";
    public const string ModelEdited = "model.edited";
    public const string AliasMoved = "alias.moved";
    public const string AliasRemoved = "alias.removed";
    public const string ApprovalRequested = "approval.requested";
    public const string ApprovalApproved = "approval.approved";
    public const string ApprovalRejected = "approval.rejected";

    /// <summary>Attributes of versions and models that can be edited; an empty text is none.</summary>
    public const string Description = "description";
    public const string Owner = "owner";

    /// <summary>Attributes of versions: where the approval stands, and that it is deleted.</summary>
    public const string Approval = "approval";
    public const string Deleted = "deleted";

    /// <summary>Relations: a version to its package, its gate report, the run that made it and (with the role appended) the data sets behind it; an alias to its version; an idempotency key to what it made.</summary>
    public const string ToPackage = "package";
    public const string ToGateReport = "gate-report";
    public const string ToRun = "made-by";
    public const string ToVersion = "version";
    public const string InputPrefix = Tracking.TrackingEntities.InputPrefix;

    /// <summary>The prefix of attributes that are tags.</summary>
    public const string TagPrefix = "tag.";

    public static EntityId ModelId(string workspace, string model) => new(ModelKind, model, workspace);

    public static EntityId VersionId(string workspace, string model, int version) => new(VersionKind, string.Create(CultureInfo.InvariantCulture, $"{model}/{version}"), workspace);

    public static EntityId ApprovalId(string workspace, string model, int version) => VersionId(workspace, model, version) with { Kind = ApprovalKind };

    public static EntityId AliasId(string workspace, string model, string alias) => new(AliasKind, $"{model}/{alias}", workspace);

    /// <summary>Hashed, because an idempotency key may be any text.</summary>
    public static EntityId RegistrationId(string workspace, string model, string idempotencyKey) =>
        new(RegistrationKind, $"{model}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)))}", workspace);

    /// <summary>The model and the number or alias in a key; neither may hold a slash. The key of a model has nothing else.</summary>
    public static (string Model, string Last) Split(EntityId id)
    {
        var at = id.Key.IndexOf('/', StringComparison.Ordinal);
        return at < 0 ? (id.Key, "") : (id.Key[..at], id.Key[(at + 1)..]);
    }
}
