using System.Text;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>The ids that a committed changeset created, as they are kept for a retry.</summary>
internal static class SqlReplay
{
    /// <summary>How long results are kept.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(2);

    public static byte[] Encode(IReadOnlyList<EntityId> created)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        foreach (var id in created)
        {
            writer.Write(id.Workspace);
            writer.Write(id.Kind);
            writer.Write(id.Key);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static IReadOnlyList<EntityId> Decode(byte[] bytes)
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
