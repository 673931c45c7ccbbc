using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Sdk.Evaluation;

/// <summary>The seed of an evaluation: a hash over gate, rows and policy, so that nobody can try seeds until one passes.</summary>
internal static class GateSeed
{
    public static ulong Of(GatePolicy policy, string rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text("mlops.gate.seed/1");
        Text(policy.Name);
        Text(rows);
        Text(policy.Metric.Name);
        Number((long)policy.Metric.Goal);
        Optional(policy.Floor);
        Optional(policy.BaselineMargin);
        Optional(policy.NonInferiorityMargin);
        Optional(policy.Confidence);
        Number(policy.MinRows);
        Number(policy.MinClusters);
        Number(policy.Resamples);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());

        void Number(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }

        void Optional(double? value)
        {
            Number(value is null ? 0 : 1);
            Number(BitConverter.DoubleToInt64Bits(value ?? 0));
        }

        void Text(string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            Number(bytes.Length);
            hash.AppendData(bytes);
        }
    }
}
