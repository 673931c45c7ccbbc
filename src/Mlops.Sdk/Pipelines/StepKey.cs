using System.Buffers.Binary;
using System.Security.Cryptography;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Pipelines;

/// <summary>What decides about the outcome of a step, and nothing else: no time, path, machine or run.</summary>
internal sealed record StepKey(string Name, string Version, string Code, int Seed, Digest Input, IReadOnlyList<KeyValuePair<string, string>> Environment)
{
    public const int FormatVersion = 1;

    public Digest Compute()
    {
        var writer = new CanonicalWriter();
        writer.Text("mlops.step-key");
        writer.Int32(FormatVersion);
        writer.Text(Name);
        writer.Text(Version);
        writer.Text(Code);
        writer.Int32(Seed);
        writer.Text(Input.Hex);
        writer.Int32(Environment.Count);
        foreach (var (name, version) in Environment.OrderBy(fact => fact.Key, StringComparer.Ordinal))
        {
            writer.Text(name);
            writer.Text(version);
        }

        return Digest.Of(writer.Written);
    }
}

/// <summary>Values that follow from others, so that they are the same whenever a run is repeated.</summary>
internal static class Derive
{
    /// <summary>The seed of a step: not negative, the same for every input.</summary>
    public static int Seed(int runSeed, string step)
    {
        var hash = Hash("mlops.step-seed", runSeed, step);
        return BinaryPrimitives.ReadInt32LittleEndian(hash) & int.MaxValue;
    }

    public static Guid Id(string run, long counter) => new(Hash("mlops.run-id", counter, run).AsSpan(0, 16), bigEndian: true);

    public static string IdempotencyKey(string run, string keyOrPath, string? callName) => Convert.ToHexStringLower(Hash("mlops.idempotency-key", 0, run, keyOrPath, callName ?? ""));

    public static string RunIdentity(string pipeline, int seed, Digest options) => Convert.ToHexStringLower(Hash("mlops.run-identity", seed, pipeline, options.Hex));

    private static byte[] Hash(string purpose, long number, params ReadOnlySpan<string> texts)
    {
        var writer = new CanonicalWriter();
        writer.Text(purpose);
        writer.Int64(number);
        foreach (var text in texts)
        {
            writer.Text(text);
        }

        return SHA256.HashData(writer.Written);
    }
}
