using System.Globalization;
using Mlops.Sdk.StoreWorker;

if (args is not [var address, var worker, var threads, var rounds])
{
    Console.Error.WriteLine("Mlops.Sdk.StoreWorker STORE WORKER THREADS ROUNDS: works on the store, for ever when ROUNDS is 0, and prints what was acknowledged, one line each.");
    return 1;
}

// The input ends with the process that started this one, also when that is killed.
_ = Task.Run(async () =>
{
    await Console.In.ReadToEndAsync();
    Environment.Exit(3);
});

await using var host = await StoreHost.OpenAsync(StoreAddress.Store(address), $"worker-{worker}");
var output = new WorkerOutput(Console.OpenStandardOutput());
var work = new Workload(host, worker, output);
await Task.WhenAll(Enumerable.Range(0, int.Parse(threads, CultureInfo.InvariantCulture)).Select(thread => Task.Run(() => work.RunAsync(thread, int.Parse(rounds, CultureInfo.InvariantCulture)))));
return output.Errors == 0 ? 0 : 2;
