using BenchmarkDotNet.Running;
using Mlops.Sdk.Benchmarks;

if (args is ["ratios", ..])
{
    return await RatioRunner.RunAsync(Ratios.All, args.Length > 1 ? args[1] : null);
}

return BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(args).Any() ? 0 : 1;
