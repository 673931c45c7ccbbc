using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Mlops.Sdk.Pipelines;

/// <summary>The fingerprint of an assembly together with the project assemblies that it references, directly or not. Every file is read once.</summary>
internal sealed class CodeFingerprint(ProjectAssemblies assemblies)
{
    private readonly ConcurrentDictionary<string, Lazy<AssemblyFingerprint.Result>> read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hash, or why there is none.</summary>
    /// <param name="roots">Simple names with the identity of the loaded build, or null to take the file as it is.</param>
    public (string? Hash, string? Problem) Of(IEnumerable<(string Name, Guid? Mvid)> roots)
    {
        var found = new SortedDictionary<string, AssemblyFingerprint.Result>(StringComparer.Ordinal);
        var open = new Queue<(string Name, Guid? Mvid)>(roots);
        while (open.TryDequeue(out var next))
        {
            if (found.ContainsKey(next.Name))
            {
                continue;
            }

            if (assemblies.PathOf(next.Name) is not { } path)
            {
                return (null, $"there is no file of the assembly {next.Name} beside the app");
            }

            AssemblyFingerprint.Result result;
            try
            {
                result = read.GetOrAdd(path, p => new(() => AssemblyFingerprint.Read(p))).Value;
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or InvalidOperationException)
            {
                return (null, $"the file {Path.GetFileName(path)} cannot be read as an assembly ({e.Message})");
            }

            if (next.Mvid is { } mvid && mvid != result.Mvid)
            {
                return (null, $"the file {Path.GetFileName(path)} is another build than the one that is running");
            }

            found[next.Name] = result;
            foreach (var reference in result.References.Where(assemblies.IsProject))
            {
                open.Enqueue((reference, null));
            }
        }

        var writer = new CanonicalWriter();
        foreach (var (name, result) in found)
        {
            writer.Text(name);
            writer.Text(result.Hash);
        }

        return ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(writer.Written)), null);
    }
}
