using System.Text.RegularExpressions;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>A filter as a person means it: how it is written, and for which runs it holds. Knows nothing of the parser or of a store.</summary>
public abstract record SaidFilter
{
    /// <summary>How tight it binds: OR 0, AND 1, NOT 2, a comparison 3.</summary>
    protected abstract int Rank { get; }

    public abstract bool Holds(SaidRun run);

    public abstract string Write(Random random);

    /// <summary>Written with parentheses where they are needed, and sometimes where they are not.</summary>
    private string Inside(Random random, int rank) => Rank < rank || random.Next(8) == 0 ? $"({Space(random)}{Write(random)} )" : Write(random);

    private static string Word(Random random, string word) => (random.Next(3) switch { 0 => word, 1 => word.ToUpperInvariant(), _ => char.ToUpperInvariant(word[0]) + word[1..] }) + Space(random);

    private static string Space(Random random) => random.Next(6) switch { 0 => "  ", 1 => "\n", _ => " " };

    public sealed record And(IReadOnlyList<SaidFilter> Of) : SaidFilter
    {
        protected override int Rank => 1;

        public override bool Holds(SaidRun run) => Of.All(of => of.Holds(run));

        public override string Write(Random random) => string.Join(Space(random) + Word(random, "and"), Of.Select(of => of.Inside(random, 1)));
    }

    public sealed record Or(IReadOnlyList<SaidFilter> Of) : SaidFilter
    {
        protected override int Rank => 0;

        public override bool Holds(SaidRun run) => Of.Any(of => of.Holds(run));

        public override string Write(Random random) => string.Join(Space(random) + Word(random, "or"), Of.Select(of => of.Inside(random, 0)));
    }

    public sealed record Not(SaidFilter Of) : SaidFilter
    {
        protected override int Rank => 2;

        public override bool Holds(SaidRun run) => !Of.Holds(run);

        public override string Write(Random random) => Word(random, "not") + Of.Inside(random, 2);
    }

    /// <summary>A comparison with any of the values that a run has under the name: most have one or none, data sets may be several.</summary>
    public sealed record Compare(string Names, string Operator, string Right, Func<SaidRun, IEnumerable<object>> Values, Func<object, bool> Is) : SaidFilter
    {
        protected override int Rank => 3;

        public override bool Holds(SaidRun run) => Values(run).Any(Is);

        public override string Write(Random random)
        {
            var names = Names.Split('|');
            var tight = Operator[0] is '=' or '!' or '<' or '>' && random.Next(3) == 0;
            var by = char.IsLetter(Operator[0]) ? string.Join(' ', Operator.Split(' ').Select(word => Word(random, word).TrimEnd())) : Operator;
            return $"{names[random.Next(names.Length)]}{(tight ? "" : Space(random))}{by}{(tight ? "" : Space(random))}{Right}";
        }
    }

    public sealed record Missing(string Name, Func<SaidRun, IEnumerable<object>> Values) : SaidFilter
    {
        protected override int Rank => 3;

        public override bool Holds(SaidRun run) => !Values(run).Any();

        public override string Write(Random random) => $"{Name} {Word(random, "is")}{Word(random, "null")}";
    }

    public static bool Like(string text, string pattern, bool ignoreCase) =>
        Regex.IsMatch(text, "^" + Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "\\z", RegexOptions.Singleline | (ignoreCase ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.None));
}

/// <summary>A run as a person sees it.</summary>
public sealed record SaidRun(string Id, string? Name, string State, IReadOnlyDictionary<string, object> Params, IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<(string Name, string Role)> Datasets);
