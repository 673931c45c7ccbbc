using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>A number or a text; never coerced into the other. NaN, infinities and -0 are numbers and survive a round trip.</summary>
public readonly record struct AttributeValue
{
    private readonly double number;

    /// <summary>A number.</summary>
    public AttributeValue(double number) => this.number = number;

    /// <summary>A text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public AttributeValue(string text) => Text = text ?? throw new ArgumentNullException(nameof(text));

    /// <summary>The text, or null when this is a number.</summary>
    public string? Text { get; }

    /// <summary>The number, or null when this is a text.</summary>
    public double? Number => Text is null ? number : null;

    /// <summary>Whether this is a number.</summary>
    public bool IsNumber => Text is null;

    /// <summary>A number.</summary>
    public static implicit operator AttributeValue(double number) => new(number);

    /// <summary>A text.</summary>
    public static implicit operator AttributeValue(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text ?? number.ToString("R", CultureInfo.InvariantCulture);
}
