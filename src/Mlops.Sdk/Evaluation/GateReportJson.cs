using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>The stored form of a report: compact UTF-8 JSON in the order of the record's members.</summary>
internal static class GateReportJson
{
    public static byte[] Write(GateReport report) => JsonSerializer.SerializeToUtf8Bytes(report, GateReportJsonContext.Default.GateReport);

    public static GateReport Read(ReadOnlySpan<byte> json, Digest digest)
    {
        try
        {
            var report = JsonSerializer.Deserialize(json, GateReportJsonContext.Default.GateReport) ?? throw new JsonException("The document is null.");
            return report.RecordVersion <= GateReport.CurrentRecordVersion
                ? report
                : throw new MlopsException($"The gate report {digest} has record version {report.RecordVersion}, but this version of Mlops.Sdk reads up to {GateReport.CurrentRecordVersion}. Update Mlops.Sdk.");
        }
        catch (JsonException e)
        {
            throw new CorruptedException($"The artifact {digest} is not a gate report: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GateReport))]
internal sealed partial class GateReportJsonContext : JsonSerializerContext;
