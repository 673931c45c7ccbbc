namespace Mlops.Sdk.Registry;

/// <summary>Which paths a package may name: they must stay inside it and mean the same on every file system.</summary>
public static class PackagePath
{
    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/");

    /// <summary>What is wrong with a path, as the rest of a sentence that begins with it; null when it is fine.</summary>
    public static string? Problem(string path) =>
        path.Length is 0 or > 200 ? "is empty or longer than 200 characters"
        : path.AsSpan().ContainsAnyExcept(Allowed) ? "holds a character other than letters, digits, '.', '_', '-' and '/'"
        : path.Split('/').Any(segment => segment.Length == 0 || segment[^1] == '.') ? "leaves the package, is absolute, or has a segment that is empty or ends with '.'"
        : null;
}
