using BenchmarkDotNet.Running;
using Mlops.Sdk.Benchmarks;

if (args is ["ratios", ..])
{
    return await RatioRunner.RunAsync(Ratios.All, args.Length > 1 ? args[1] : null);
}

if (args is ["growth"])
{
    return await Mlops.Sdk.Benchmarks.Tracking.SearchGrowth.RunAsync();
}

return BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(args).Any() ? 0 : 1;
