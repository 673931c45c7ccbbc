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
    /// <exception cref="ArgumentException">It is not a plain relative path.</exception>
    public static string CheckPath(string path)
    {
        Check(path, "artifact");
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or "." or ".." || segment.AsSpan().ContainsAny('\\', ':'))
            {
                throw new ArgumentException($"'{path}' is not an artifact path: write a relative path with '/' and without '.', '..', '\\' and ':', such as plots/roc.svg.");
            }
        }

        return path;
    }

    /// <summary>Text that every store can keep: cut, without U+0000 and half surrogate pairs.</summary>
    public static string Clean(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..maxLength] : text;
        return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut.Replace('\0', ' ')));
    }
}
