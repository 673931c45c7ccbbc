namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Removes an object unless it was put again. Only a file that nobody else can replace any more can be looked at for the last time, so it is set aside first, and put back when it turns out to be young.
/// Should the process die in between, opening the store puts it back.
/// </summary>
internal sealed class FilePruning(string temporary, FileSync sync)
{
    private const string Prefix = "prune-";

    public bool Prune(Digest digest, string path, DateTimeOffset notPutSince)
    {
        if (!IsOlder(path, notPutSince))
        {
            return false;
        }

        var aside = Path.Combine(temporary, $"{Prefix}{digest.Hex}-{MlopsId.NewKey()}");
        try
        {
            File.Move(path, aside);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        sync.Folder(Path.GetDirectoryName(path)!);
        if (!IsOlder(aside, notPutSince))
        {
            PutBack(aside, path);
            return false;
        }

        File.Delete(aside);
        return true;
    }

    /// <summary>Undoes a removal that was not meant or not finished. Where the object was put again in the meantime, that one stays.</summary>
    public void PutBack(string aside, string path)
    {
        try
        {
            File.Move(aside, path, overwrite: false);
            sync.Folder(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody else was first.
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }

    /// <summary>What dead processes left aside; or living ones, which then find that somebody else was first.</summary>
    public IEnumerable<(Digest Digest, string File)> Unfinished() => Directory.EnumerateFiles(temporary, Prefix + "*").ToList()
        .Select(file => (IsDigest: Digest.TryParse("sha256:" + Path.GetFileName(file)[Prefix.Length..].Split('-')[0], out var digest), Digest: digest, File: file))
        .Where(found => found.IsDigest)
        .Select(found => (found.Digest, found.File));

    private static bool IsOlder(string file, DateTimeOffset than) => File.Exists(file) && File.GetLastWriteTimeUtc(file) < than.UtcDateTime;
}
