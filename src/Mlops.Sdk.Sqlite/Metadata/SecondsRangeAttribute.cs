using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>A time span between two numbers of seconds. The range attribute of the framework needs reflection for it, which trimming forbids.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecondsRangeAttribute(double least, double most) : ValidationAttribute
{
    public double Least { get; } = least;

    public double Most { get; } = most;

    public override bool IsValid(object? value) => value is TimeSpan time && time.TotalSeconds >= Least && time.TotalSeconds <= Most;

    public override string FormatErrorMessage(string name) => string.Create(CultureInfo.InvariantCulture, $"{name} must be between {Least} and {Most} seconds.");
}
