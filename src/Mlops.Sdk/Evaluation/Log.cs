using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Evaluation;

/// <summary>Log messages of evaluation, 4100 to 4199.</summary>
internal static partial class Log
{
    [LoggerMessage(4100, LogLevel.Information, "Gate {Gate} on {Rows} rows: {Verdict}; report {Report}.")]
    public static partial void GateJudged(ILogger logger, string gate, int rows, Verdict verdict, string report);
}
