using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// The physical schema. Kinds and names are interned; a kind is a (workspace, kind) pair and an attribute name belongs to a kind, so an attribute index holds one kind of one workspace.
/// Numbers are declared without affinity: it would turn -0 into 0. Ties are read newest first, and numbers mostly from the greatest down but texts upwards: hence the two directions of <c>entity</c> in their indexes.
/// </summary>
internal static class SqliteSchema
{
    public const int Version = 2;

    /// <summary>The oldest version that commits and reads work on as it is: later ones added only views.</summary>
    public const int OldestUsable = 1;

    /// <summary>A version from here on marks a copy that is not finished.</summary>
    private const int Unfinished = 2_000_000_000;
    private const int ApplicationId = 0x4D4C4F50;

    private static readonly string Create = string.Create(CultureInfo.InvariantCulture, $"""
        create table store(one integer primary key check (one = 1), id blob not null, schema integer not null, position integer not null, at integer not null, sequence integer not null) strict;
        create table kind(id integer primary key, workspace text not null, name text not null, unique(workspace, name)) strict;
        create table name(id integer primary key, kind integer not null, text text not null, unique(kind, text)) strict;
        create table entity(seq integer primary key, kind integer not null, id text not null, revision integer not null, version integer not null, created integer not null, modified integer not null, body blob not null, unique(kind, id)) strict;
        create index entity_kind on entity(kind);
        create table number(entity integer not null, name integer not null, value any not null, step integer, ts integer, primary key(entity, name)) strict, without rowid;
        create index number_value on number(name, value, entity);
        create table text(entity integer not null, name integer not null, value text not null, primary key(entity, name)) strict, without rowid;
        create index text_value on text(name, value, entity desc);
        create table point(owner integer not null, key integer not null, step integer not null, ts integer not null, value any not null, primary key(owner, key, step, ts, value)) strict, without rowid;
        create table link(source integer not null, relation integer not null, target integer not null, primary key(source, relation, target)) strict, without rowid;
        create index link_target on link(target, relation, source);
        create table event(position integer primary key, at integer not null, actor text not null, kind integer not null, id text not null, type integer not null, why text, body blob not null) strict;
        create index event_kind on event(kind);
        create index event_subject on event(kind, id);
        create table sequence(kind integer not null, scope_kind integer not null, scope text not null, last integer not null, primary key(kind, scope_kind, scope)) strict, without rowid;
        create table changeset(position integer primary key, id blob not null unique, at integer not null, created blob not null) strict;
        create table purge(owner integer primary key) strict;
        pragma application_id = {ApplicationId};
        """);

    /// <summary>The step from each older version to the next. Index 0 leads from version 1 to 2. A step never changes once it is released: the golden files say so.</summary>
    private static readonly string[] Migrations = [SqliteViews.Create];

    /// <summary>Reads the version; null when the file is empty.</summary>
    /// <exception cref="MlopsException">The file is not this SDK's, or was written by a newer version.</exception>
    public static (Guid Id, int Version)? Read(SqliteConnectionHandle connection, string path)
    {
        if (connection["select count(*) from sqlite_master"].Scalar() == 0)
        {
            return null;
        }

        if (connection["pragma application_id"].Scalar() != ApplicationId)
        {
            throw new MlopsException($"The SQLite database '{path}' belongs to another application. Set SqliteMetadataOptions.Path (Mlops:Sqlite:Path) to a file of its own.") { Store = SqliteErrors.Store, Operation = "open" };
        }

        var row = connection["select id, schema from store"];
        if (!row.Step())
        {
            throw new CorruptedException($"The metadata database '{path}' has lost its store row. Restore it from a backup.") { Store = SqliteErrors.Store, Operation = "open" };
        }

        var (id, version) = (new Guid(row.Blob(0), bigEndian: true), (int)row.Long(1));
        row.Reset();
        if (version >= Unfinished)
        {
            throw new MlopsException($"The metadata database '{path}' is a copy that was not finished. Run the same 'mlops store copy' again to finish it, or delete the file.") { Store = SqliteErrors.Store, Operation = "open" };
        }

        return version <= Version ? (id, version) : throw new MlopsException(
            $"The metadata database '{path}' has schema version {version}, written by a newer Mlops.Sdk.Sqlite; this one knows up to version {Version}. Upgrade the package, or set SqliteMetadataOptions.Path to another file. Nothing was changed.")
        {
            Store = SqliteErrors.Store,
            Operation = "open",
        };
    }

    /// <summary>Creates the schema, or migrates the one that was found, inside the transaction that the caller opened.</summary>
    public static Guid Apply(SqliteConnectionHandle connection, (Guid Id, int Version)? found)
    {
        var (id, from) = found ?? (MlopsId.New(), 1);
        if (found is null)
        {
            connection.Execute(Create);
            connection["insert into store values (1, ?1, ?2, 0, 0, 0)"].Bind(1, id.ToByteArray(bigEndian: true)).Bind(2, from).Run();
        }

        for (var version = from; version < Version; version++)
        {
            connection.Execute(Migrations[version - 1]);
        }

        connection["update store set schema = ?1"].Bind(1, Version).Run();
        return id;
    }
}
