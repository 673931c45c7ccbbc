using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Data;

/// <summary>The syntax tree of a pattern. Sizes saturate, so that a hostile pattern cannot overflow them.</summary>
internal abstract record PatternNode
{
    public const int MaxSize = 1000;

    /// <summary>Positions after all repetitions are written out.</summary>
    public abstract long Size { get; }

    public abstract void WriteRe2(StringBuilder text);
}

internal sealed record PatternSet(CodePoints Points) : PatternNode
{
    public override long Size => 1;

    public override void WriteRe2(StringBuilder text)
    {
        text.Append('[');
        foreach (var (from, to) in Points.Ranges)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{{{from:X}}}-\\x{{{to:X}}}");
        }

        text.Append(']');
    }
}

internal sealed record PatternSequence(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override long Size { get; } = Math.Max(1, Parts.Sum(p => p.Size));

    public override void WriteRe2(StringBuilder text)
    {
        foreach (var part in Parts)
        {
            part.WriteRe2(text);
        }
    }
}

internal sealed record PatternChoice(IReadOnlyList<PatternNode> Options) : PatternNode
{
    public override long Size { get; } = Options.Sum(p => p.Size);

    public override void WriteRe2(StringBuilder text)
    {
        text.Append("(?:");
        for (var i = 0; i < Options.Count; i++)
        {
            text.Append(i == 0 ? "" : "|");
            Options[i].WriteRe2(text);
        }

        text.Append(')');
    }
}

/// <param name="Part">What is repeated.</param>
/// <param name="Minimum">The least count.</param>
/// <param name="Maximum">The greatest count, or null for no end.</param>
internal sealed record PatternRepeat(PatternNode Part, int Minimum, int? Maximum) : PatternNode
{
    public override long Size { get; } = Math.Min(Part.Size, MaxSize + 1) * Math.Max(1, Maximum ?? (Minimum + 1));

    public override void WriteRe2(StringBuilder text)
    {
        text.Append("(?:");
        Part.WriteRe2(text);
        text.Append(')').Append((Minimum, Maximum) switch
        {
            (0, null) => "*",
            (1, null) => "+",
            (0, 1) => "?",
            (_, null) => string.Create(CultureInfo.InvariantCulture, $"{{{Minimum},}}"),
            _ when Minimum == Maximum => string.Create(CultureInfo.InvariantCulture, $"{{{Minimum}}}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{{{Minimum},{Maximum}}}"),
        });
    }
}
