namespace Mlops.Sdk.Data;

/// <summary>The non-deterministic automaton of a pattern, by Thompson's construction.</summary>
internal sealed class PatternGraph
{
    private readonly List<List<int>> empty = [];
    private readonly List<List<(CodePoints Points, int To)>> edges = [];

    public PatternGraph() => Start = New();

    public int Start { get; }

    public IEnumerable<(CodePoints Points, int To)> Edges => edges.SelectMany(e => e);

    /// <summary>Adds a node behind <paramref name="from"/>; returns the state after it.</summary>
    public int Add(PatternNode node, int from)
    {
        switch (node)
        {
            case PatternSet set:
                var to = New();
                edges[from].Add((set.Points, to));
                return to;
            case PatternSequence sequence:
                return sequence.Parts.Aggregate(from, (at, part) => Add(part, at));
            case PatternChoice choice:
                var end = New();
                foreach (var option in choice.Options)
                {
                    var start = New();
                    empty[from].Add(start);
                    empty[Add(option, start)].Add(end);
                }

                return end;
            default:
                return Repeat((PatternRepeat)node, from);
        }
    }

    public int[] Closure(IEnumerable<int> states)
    {
        var seen = new HashSet<int>(states);
        var open = new Stack<int>(seen);
        while (open.TryPop(out var state))
        {
            foreach (var next in empty[state])
            {
                if (seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return [.. seen.Order()];
    }

    public int[] Move(int[] states, int codePoint) =>
        Closure(states.SelectMany(s => edges[s]).Where(e => e.Points.Ranges.Any(r => r.From <= codePoint && codePoint <= r.To)).Select(e => e.To));

    private int Repeat(PatternRepeat repeat, int from)
    {
        var at = from;
        for (var i = 0; i < repeat.Minimum; i++)
        {
            at = Add(repeat.Part, at);
        }

        var end = New();
        if (repeat.Maximum is null)
        {
            // The loop has its own state: what follows must not be able to enter the middle of an outer loop.
            var loop = New();
            empty[at].Add(loop);
            empty[Add(repeat.Part, loop)].Add(loop);
            empty[loop].Add(end);
            return end;
        }

        for (var i = repeat.Minimum; i < repeat.Maximum; i++)
        {
            empty[at].Add(end);
            var start = New();
            empty[at].Add(start);
            at = Add(repeat.Part, start);
        }

        empty[at].Add(end);
        return end;
    }

    private int New()
    {
        empty.Add([]);
        edges.Add([]);
        return empty.Count - 1;
    }
}
