using System.Buffers;

namespace Mlops.Sdk.Registry;

/// <summary>The rules for names and texts of the registry.</summary>
internal static class RegistryNames
{
    private const int MaxLength = 100;
    private const int MaxLine = 200;
    private const int MaxText = 4000;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The name of a model, alias, tag or runtime itself.</summary>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static string Check(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        return name.Length <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed)
            ? name
            : throw new ArgumentException($"'{(name.Length > MaxLength ? name[..MaxLength] + "…" : name)}' is not a valid name: letters, digits, '.', '_' and '-', at most {MaxLength} characters.", parameter);
    }

    /// <summary>A description or a reason: at most 4,000 characters.</summary>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public static void CheckText(string? text, string what)
    {
        if (text?.Length > MaxText)
        {
            throw new ArgumentException($"The {what} has {text.Length} characters; at most {MaxText} are kept. Put more into the package's card.", what);
        }
    }

    /// <summary>An owner, a commit or a role: one line of at most 200 characters.</summary>
    /// <exception cref="ArgumentException">It is longer or holds a control character.</exception>
    public static void CheckLine(string? line, string what)
    {
        if (line?.Length > MaxLine || line?.Any(char.IsControl) == true)
        {
            throw new ArgumentException($"The {what} has {line.Length} characters or holds a control character; it is one line of at most {MaxLine} characters.", what);
        }
    }
}
