using System.Buffers;

namespace Mlops.Sdk.Registry;

/// <summary>The one rule for names of models, aliases, tags and runtimes.</summary>
internal static class RegistryNames
{
    private const int MaxLength = 100;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The name itself.</summary>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static string Check(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        return name.Length <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed)
            ? name
            : throw new ArgumentException($"'{(name.Length > MaxLength ? name[..MaxLength] + "…" : name)}' is not a valid name: letters, digits, '.', '_' and '-', at most {MaxLength} characters.", parameter);
    }
}
