using BenchmarkDotNet.Attributes;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Benchmarks.Data;

/// <summary>One record against the 14 rules, and against the same rules as an if.</summary>
[MemoryDiagnoser]
public class RowValidatorBenchmarks
{
    private readonly RowValidator<CheckedFlight> validator = CheckedFlight.Contract.Compile();
    private readonly CheckedFlight row = CheckedFlight.Valid;

    [Benchmark]
    public bool Validator() => validator.IsValid(row);

    [Benchmark(Baseline = true)]
    public bool ByHand()
    {
        var f = row;
        return f.Date >= new DateTime(2001, 1, 1) && f.Date <= new DateTime(2001, 7, 1) && f.Delay is >= -120 and <= 2000 && f.Distance is >= 1 and <= 6000
            && IsCode(f.Origin) && IsCode(f.Destination) && f.Origin != f.Destination && f.Delay + f.Distance > -2000;
    }

    private static bool IsCode(string text) => text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z'];
}
