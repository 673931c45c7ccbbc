namespace Mlops.Sdk.Metadata;

/// <summary>The identity of an entity: (workspace, kind, key) is unique in a store. A unique name is a small entity of its own.</summary>
/// <param name="Kind">What it is: a lower-case word such as <c>run</c> or <c>model-version</c>. See <see cref="MetadataLimits"/>.</param>
/// <param name="Key">Unique within workspace and kind; ordinal comparison. At most 400 characters of any script, without control characters.</param>
/// <param name="Workspace">The tenant; <see cref="DefaultWorkspace"/> unless the host says otherwise.</param>
public readonly record struct EntityId(string Kind, string Key, string Workspace = EntityId.DefaultWorkspace)
{
    /// <summary>The workspace of a host that does not name one.</summary>
    public const string DefaultWorkspace = "default";

    /// <summary>The kind of a placeholder made by <see cref="CreatedBy"/>; no stored entity has it.</summary>
    public const string CreatedKind = "@created";

    /// <summary>
    /// Stands for the entity that the <see cref="Change.CreateNumbered"/> at <paramref name="changeIndex"/> of the same changeset makes, whose key is not known before the commit.
    /// Allowed wherever a later change of that changeset names an entity.
    /// </summary>
    public static EntityId CreatedBy(int changeIndex) => new(CreatedKind, changeIndex.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => Workspace == DefaultWorkspace ? $"{Kind}/{Key}" : $"{Workspace}:{Kind}/{Key}";
}
