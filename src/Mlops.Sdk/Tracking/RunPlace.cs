using System.Globalization;

namespace Mlops.Sdk.Tracking;

/// <summary>Where a page of runs ended. Every page of abandoned runs means the same moment, or a run could be on two of them or on none.</summary>
internal readonly record struct RunPlace(DateTimeOffset? SilentSince, string? Token)
{
    private const char Between = '~';

    /// <summary>Null when there is no token.</summary>
    /// <exception cref="ArgumentException">It is not a token of such a query.</exception>
    public static RunPlace? Read(string? token, bool abandoned)
    {
        if (token is null)
        {
            return null;
        }

        if (!abandoned)
        {
            return new(null, token);
        }

        var at = token.IndexOf(Between, StringComparison.Ordinal);
        return at > 0 && long.TryParse(token.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new(new(ticks, TimeSpan.Zero), token[(at + 1)..])
            : throw new ArgumentException("The page token is malformed. Pass on Page.Next unchanged.");
    }

    public override string ToString() => SilentSince is { } since ? string.Create(CultureInfo.InvariantCulture, $"{since.UtcTicks}{Between}{Token}") : Token!;
}
