using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>Keeps the results of committed changesets for two days, so that a retry after an unknown outcome gets the first answer.</summary>
internal static class SqliteReplay
{
    private const long KeepMicroseconds = 2L * 24 * 60 * 60 * 1_000_000;
    private const int Slice = 200;

    public static CommitResult? Find(SqliteConnectionHandle connection, Guid id)
    {
        Span<byte> key = stackalloc byte[16];
        id.TryWriteBytes(key, bigEndian: true, out _);
        var row = connection["select position, at, created from changeset where id = ?1"].Bind(1, (ReadOnlySpan<byte>)key);
        if (!row.Step())
        {
            return null;
        }

        var result = new CommitResult(row.Long(0), SqliteClock.Time(row.Long(1)), Decode(row.Blob(2)), []);
        row.Reset();
        return result;
    }

    public static void Write(SqliteConnectionHandle connection, Guid id, CommitResult result)
    {
        Span<byte> key = stackalloc byte[16];
        id.TryWriteBytes(key, bigEndian: true, out _);
        connection["insert into changeset values (?1, ?2, ?3, ?4)"]
            .Bind(1, result.Position).Bind(2, (ReadOnlySpan<byte>)key).Bind(3, SqliteClock.Microseconds(result.At)).Bind(4, Encode(result.Created)).Run();
    }

    /// <summary>Forgets the oldest results, at most a slice a call.</summary>
    public static void Purge(SqliteConnectionHandle connection, long now)
    {
        var oldest = connection["select at from changeset order by position limit 1"].Scalar();
        if (oldest < now - KeepMicroseconds)
        {
            connection["delete from changeset where at < ?1 and position in (select position from changeset order by position limit ?2)"].Bind(1, now - KeepMicroseconds).Bind(2, Slice).Run();
        }
    }

    private static ReadOnlySpan<byte> Encode(IReadOnlyList<EntityId> created)
    {
        if (created.Count == 0)
        {
            return [];
        }

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        foreach (var id in created)
        {
            writer.Write(id.Workspace);
            writer.Write(id.Kind);
            writer.Write(id.Key);
        }

        writer.Flush();
        return stream.GetBuffer().AsSpan(0, (int)stream.Length);
    }

    private static List<EntityId> Decode(byte[] bytes)
    {
        var created = new List<EntityId>();
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        while (reader.BaseStream.Position < bytes.Length)
        {
            var workspace = reader.ReadString();
            var kind = reader.ReadString();
            created.Add(new(kind, reader.ReadString(), workspace));
        }

        return created;
    }
}
