using System.Text;
using Mlops.Sdk.Artifacts;

namespace FlightDelay.Features;

/// <summary>Rows of features as compact bytes. Equal rows give equal bytes.</summary>
internal static class FeatureFile
{
    private const string Format = "flight-features-1";

    public static void Write(Stream stream, IReadOnlyCollection<LabelledFlight> rows)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        writer.Write(rows.Count);
        foreach (var row in rows)
        {
            writer.Write(row.Date.Ticks);
            writer.Write(row.Late);
            writer.Write(row.Origin);
            writer.Write(row.Destination);
            writer.Write(row.Distance);
            writer.Write(row.Hour);
            writer.Write(row.DayOfWeek);
            writer.Write(row.AirportFlights1h);
            writer.Write(row.AirportLate1h);
            writer.Write(row.AirportDelay1h);
            writer.Write(row.AirportLate3h);
            writer.Write(row.AirportLate24h);
            writer.Write(row.RouteLate);
            writer.Write(row.RouteDelayLast3);
            writer.Write(row.SlotFlights);
            writer.Write(row.SlotLate);
            writer.Write(row.SlotDelay);
            writer.Write(row.ScheduledNow);
            writer.Write(row.ScheduledEarlier);
        }
    }

    /// <summary>Reads all rows of an artifact.</summary>
    public static async Task<IReadOnlyList<LabelledFlight>> ReadAsync(IArtifactStore artifacts, ArtifactRef file, CancellationToken cancellationToken)
    {
        await using var content = await artifacts.OpenReadAsync(file.Digest, cancellationToken);
        using var buffered = new BufferedStream(content, 1 << 20);
        return Read(buffered);
    }

    /// <summary>Reads all rows, to the end of the stream: only then has an artifact been verified.</summary>
    public static IReadOnlyList<LabelledFlight> Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadString() != Format)
        {
            throw new InvalidDataException($"This is not a file of the format {Format}.");
        }

        var rows = new LabelledFlight[reader.ReadInt32()];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new LabelledFlight
            {
                Date = new DateTime(reader.ReadInt64()),
                Late = reader.ReadBoolean(),
                Origin = string.Intern(reader.ReadString()),
                Destination = string.Intern(reader.ReadString()),
                Distance = reader.ReadSingle(),
                Hour = reader.ReadSingle(),
                DayOfWeek = reader.ReadSingle(),
                AirportFlights1h = reader.ReadSingle(),
                AirportLate1h = reader.ReadSingle(),
                AirportDelay1h = reader.ReadSingle(),
                AirportLate3h = reader.ReadSingle(),
                AirportLate24h = reader.ReadSingle(),
                RouteLate = reader.ReadSingle(),
                RouteDelayLast3 = reader.ReadSingle(),
                SlotFlights = reader.ReadSingle(),
                SlotLate = reader.ReadSingle(),
                SlotDelay = reader.ReadSingle(),
                ScheduledNow = reader.ReadSingle(),
                ScheduledEarlier = reader.ReadSingle(),
            };
        }

        return stream.ReadByte() < 0 ? rows : throw new InvalidDataException("The file goes on after its last row.");
    }
}
