using System.Collections.Concurrent;
using System.Globalization;

namespace Mlops.Sdk.StoreWorker;

/// <summary>What workers were told is stored. Thread-safe.</summary>
public sealed class Acknowledgements
{
    private readonly ConcurrentQueue<string[]> lines = new();

    /// <summary>How many there are.</summary>
    public int Count => lines.Count;

    /// <summary>What workers said went wrong.</summary>
    public IReadOnlyList<string> Errors => [.. lines.Where(line => line[0] == "error").Select(line => string.Join(' ', line))];

    /// <summary>Started runs: the id and the name.</summary>
    public IReadOnlyDictionary<string, string> Runs => Of("run").ToDictionary(line => line[1], line => line[2]);

    /// <summary>Runs whose param was stored, with its value.</summary>
    public IReadOnlyDictionary<string, string> Params => Of("param").ToDictionary(line => line[1], line => line[2]);

    /// <summary>How many points of a run were stored.</summary>
    public IReadOnlyDictionary<string, int> Points => Of("points").GroupBy(line => line[1]).ToDictionary(run => run.Key, run => run.Max(line => Number(line[2])));

    /// <summary>Runs that ended.</summary>
    public IReadOnlySet<string> Ended => Of("end").Select(line => line[1]).ToHashSet();

    /// <summary>Registered versions.</summary>
    public IReadOnlyList<int> Versions => [.. Of("version").Select(line => Number(line[1]))];

    /// <summary>Moves: alias, revision, the version that was seen before (0 for none) and the version after.</summary>
    public IReadOnlyList<(string Alias, int Revision, int From, int To)> Moves => [.. Of("alias").Select(line => (line[1], Number(line[2]), Number(line[3]), Number(line[4])))];

    internal void Add(string line) => lines.Enqueue(line.Split(' '));

    private IEnumerable<string[]> Of(string what) => lines.Where(line => line[0] == what);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
