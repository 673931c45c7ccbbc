using System.Numerics;

namespace Mlops.Sdk.Evaluation;

/// <summary>xoshiro256** 1.0 (Blackman and Vigna 2018), seeded by SplitMix64. Frozen here, because stored reports must be reproducible by every later version.</summary>
internal struct ResampleRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>The stream of one resample: it does not depend on which thread draws it or when.</summary>
    public ResampleRandom(ulong seed, int resample)
    {
        var state = unchecked(seed + ((ulong)resample * 4 * Gamma));
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>. The bias of multiply-and-shift is at most bound ÷ 2⁶⁴.</summary>
    public int Next(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    public ulong Next()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
            var shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = BitOperations.RotateLeft(s3, 45);
            return result;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            var mixed = state += Gamma;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
