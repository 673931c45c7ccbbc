using System.Globalization;

namespace Mlops.Sdk.Evaluation;

/// <summary>What a metric takes as labels.</summary>
internal enum LabelKind
{
    Number,
    Binary,
}

internal static class BinaryLabels
{
    /// <summary>Counts the positives and refuses what is neither 0 nor 1.</summary>
    public static int CountPositives(ReadOnlySpan<double> labels, string metric)
    {
        var positives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not (0 or 1))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Label {i} is {labels[i]}; {metric} takes 0 and 1."));
            }

            positives += (int)labels[i];
        }

        return positives;
    }

    /// <summary>Why a binary metric cannot show anything, or null.</summary>
    public static string? Degenerate(int positives, int rows) => positives == 0 || positives == rows
        ? $"All labels are {(positives == 0 ? '0' : '1')}: one class alone shows nothing"
        : null;
}
