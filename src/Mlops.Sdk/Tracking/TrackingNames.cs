using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tracking;

/// <summary>The one rule for names of experiments, runs, params, tags, metrics and artifact paths.</summary>
internal static class TrackingNames
{
    public const int MaxLength = 200;

    /// <summary>The name itself.</summary>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static string Check(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxLength)
        {
            throw new ArgumentException($"The name of the {what} has {name?.Length ?? 0} characters; it takes 1 to {MaxLength} and not only spaces.");
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]) || (char.IsSurrogate(name[i]) && !(char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[++i]))))
            {
                throw new ArgumentException($"The name of the {what} holds a control character or half a surrogate pair at position {i}.");
            }
        }

        return name;
    }

    /// <summary>The path itself.</summary>
    /// <exception cref="ArgumentException">It is refused by <see cref="ArtifactPath"/>, or too long for a name in a run.</exception>
    public static string CheckPath(string path)
    {
        ArtifactPath.Validate(path);
        return path.Length <= MaxLength ? path : throw new ArgumentException($"The artifact path '{path[..40]}…' has {path.Length} characters; a run takes {MaxLength}.", nameof(path));
    }

    /// <summary>Text that every store can keep: cut, without U+0000 and half surrogate pairs.</summary>
    public static string Clean(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..maxLength] : text;
        return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut.Replace('\0', ' ')));
    }
}
