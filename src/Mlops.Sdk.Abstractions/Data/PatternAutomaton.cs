using System.Text;

namespace Mlops.Sdk.Data;

/// <summary>A deterministic automaton over code points: no backtracking, so no text can make it slow.</summary>
internal sealed class PatternAutomaton
{
    private const int MaxStates = 2000;
    private const int MaxCells = 2_000_000;
    private readonly int[] bounds;
    private readonly ushort[] asciiClass = new ushort[128];
    private readonly ushort[] next;
    private readonly bool[] accepting;
    private readonly int classes;

    private PatternAutomaton(int[] bounds, ushort[] next, bool[] accepting)
    {
        this.bounds = bounds;
        this.next = next;
        this.accepting = accepting;
        classes = bounds.Length;
        for (var c = 0; c < asciiClass.Length; c++)
        {
            asciiClass[c] = (ushort)Find(c);
        }
    }

    /// <summary>State 0 is dead, state 1 the start.</summary>
    public static PatternAutomaton Build(PatternNode node)
    {
        var graph = new PatternGraph();
        var final = graph.Add(node, graph.Start);
        int[] bounds = [.. graph.Edges.SelectMany(e => e.Points.Ranges).SelectMany(r => new[] { r.From, r.To + 1 }).Append(0).Distinct().Order()];
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = new List<int[]> { Array.Empty<int>() };
        states.Add("", 0);
        var rows = new List<ushort[]> { new ushort[bounds.Length] };
        Number(graph.Closure([graph.Start]));
        for (var s = 1; s < sets.Count; s++)
        {
            var row = new ushort[bounds.Length];
            for (var c = 0; c < bounds.Length; c++)
            {
                row[c] = Number(graph.Move(sets[s], bounds[c]));
            }

            rows.Add(row);
        }

        return new(bounds, [.. rows.SelectMany(r => r)], [.. sets.Select(s => Array.BinarySearch(s, final) >= 0)]);

        ushort Number(int[] set)
        {
            var key = string.Join(',', set);
            if (!states.TryGetValue(key, out var number))
            {
                number = sets.Count;
                states.Add(key, number);
                sets.Add(set);
                if (number >= MaxStates || number * bounds.Length > MaxCells)
                {
                    throw new ArgumentException($"The pattern needs more than {MaxStates} states. Make it simpler, or use a length rule for long texts.");
                }
            }

            return (ushort)number;
        }
    }

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var state = 1;
        for (var i = 0; i < text.Length && state != 0; i++)
        {
            int c = text[i];
            int kind;
            if (c < asciiClass.Length)
            {
                kind = asciiClass[c];
            }
            else
            {
                Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
                i += used - 1;
                kind = Find(rune.Value);
            }

            state = next[(state * classes) + kind];
        }

        return accepting[state];
    }

    private int Find(int codePoint)
    {
        var index = Array.BinarySearch(bounds, codePoint);
        return index >= 0 ? index : ~index - 1;
    }
}
