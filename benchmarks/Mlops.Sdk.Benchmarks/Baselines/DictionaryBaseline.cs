namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>One read of a dictionary by a text.</summary>
internal sealed class DictionaryBaseline(IEnumerable<string> keys)
{
    private readonly Dictionary<string, string> values = keys.ToDictionary(key => key, StringComparer.Ordinal);

    public int Read(string[] keys, int calls)
    {
        var found = 0;
        for (var i = 0; i < calls; i++)
        {
            found += values.TryGetValue(keys[i % keys.Length], out var value) ? value.Length : 0;
        }

        return found;
    }
}
