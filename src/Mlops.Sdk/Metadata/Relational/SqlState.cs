namespace Mlops.Sdk.Metadata.Relational;

/// <summary>The counters of the store, in its one row, which is locked while they change.</summary>
internal record struct SqlCounters(long Position, long Committed, long Entities, int Names);

/// <summary>An entity inside a commit; the body is null while it stays as it is stored.</summary>
internal sealed record SqlEntity(long Sequence, int Kind, long Revision, long Created, long Modified, EntityBody? Body);

/// <summary>An attribute inside a commit; step and timestamp when it is the latest value of a metric.</summary>
internal sealed record SqlAttribute(AttributeValue? Value, long? Step = null, long? Timestamp = null);

/// <summary>
/// What a group of changesets touches, in memory. The lock on the store's row keeps it true until the commit, so that changes are applied here and written at the end.
/// </summary>
internal sealed class SqlState(SqlCounters counters)
{
    public SqlCounters Counters { get; set; } = counters;

    public SqlLayers<EntityId, SqlEntity?> Entities { get; } = new();

    public SqlLayers<(long Entity, int Name), SqlAttribute> Attributes { get; } = new();

    public SqlLayers<(long From, int Relation, long To), bool> Links { get; } = new();

    public SqlLayers<(int Kind, int ScopeKind, string Scope), long> Sequences { get; } = new();

    public List<(long Owner, int Metric, MetricPoint Point)> Points { get; } = [];

    public List<object?[]> Events { get; } = [];

    public List<(Guid Id, CommitResult Result)> Changesets { get; } = [];

    /// <summary>Kinds and names that this group is the first to use.</summary>
    public Dictionary<(string Workspace, string Kind), int> NewKinds { get; } = [];

    public Dictionary<(int Kind, string Text), int> NewNames { get; } = [];

    /// <summary>Whether there is anything to write.</summary>
    public bool IsChanged => Changesets.Count > 0;

    public void Accept()
    {
        Entities.Accept();
        Attributes.Accept();
        Links.Accept();
        Sequences.Accept();
    }

    public void Refuse()
    {
        Entities.Refuse();
        Attributes.Refuse();
        Links.Refuse();
        Sequences.Refuse();
    }
}
