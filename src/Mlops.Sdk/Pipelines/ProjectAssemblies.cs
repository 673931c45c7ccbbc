using System.Text.Json;

namespace Mlops.Sdk.Pipelines;

/// <summary>
/// Which assemblies of the app are built from its projects, and where they lie: the libraries of type <c>project</c> in the app's deps.json; without one, what lies beside the app and is not signed by the makers of .NET.
/// </summary>
internal sealed class ProjectAssemblies
{
    private readonly Dictionary<string, string> paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string>? projects;

    private readonly Dictionary<string, string> packages;

    private ProjectAssemblies(IEnumerable<string> files, IEnumerable<string> depsFiles)
    {
        (projects, packages) = Read(depsFiles);
        foreach (var file in files)
        {
            paths.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        }
    }

    /// <summary>The assemblies of this process.</summary>
    public static ProjectAssemblies OfApp()
    {
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var deps = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        var beside = Directory.Exists(AppContext.BaseDirectory) ? Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll") : [];
        return new(trusted.Concat(beside), deps);
    }

    /// <summary>The assemblies in a folder, with the deps.json files in it.</summary>
    public static ProjectAssemblies OfFolder(string folder) => new(Directory.EnumerateFiles(folder, "*.dll"), Directory.EnumerateFiles(folder, "*.deps.json"));

    /// <summary>Where an assembly lies, or null.</summary>
    public string? PathOf(string name) => paths.GetValueOrDefault(name);

    /// <summary>The version of a package that the app was built with, or null.</summary>
    public string? PackageVersion(string name) => packages.GetValueOrDefault(name);

    /// <summary>Whether it is built from a project of the app.</summary>
    public bool IsProject(string name) => projects is not null ? projects.Contains(name) : paths.TryGetValue(name, out var path) && IsBesideApp(path) && !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal) && name is not ("mscorlib" or "netstandard");

    private static bool IsBesideApp(string path) => string.Equals(Path.GetDirectoryName(path), Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), StringComparison.Ordinal);

    private static (HashSet<string>? Projects, Dictionary<string, string> Packages) Read(IEnumerable<string> depsFiles)
    {
        var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        HashSet<string>? projects = null;
        foreach (var file in depsFiles.Where(File.Exists))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!json.RootElement.TryGetProperty("libraries", out var libraries) || !json.RootElement.TryGetProperty("targets", out var targets))
            {
                continue;
            }

            projects ??= new(StringComparer.OrdinalIgnoreCase);
            foreach (var library in libraries.EnumerateObject().Where(l => l.Value.TryGetProperty("type", out var type) && type.ValueEquals("package")))
            {
                var slash = library.Name.IndexOf('/', StringComparison.Ordinal);
                packages.TryAdd(library.Name[..slash], library.Name[(slash + 1)..]);
            }

            foreach (var library in libraries.EnumerateObject().Where(l => l.Value.TryGetProperty("type", out var type) && type.ValueEquals("project")))
            {
                projects.UnionWith(targets.EnumerateObject()
                    .Where(target => target.Value.TryGetProperty(library.Name, out var entry) && entry.TryGetProperty("runtime", out _))
                    .SelectMany(target => target.Value.GetProperty(library.Name).GetProperty("runtime").EnumerateObject())
                    .Select(asset => Path.GetFileNameWithoutExtension(asset.Name)));
            }
        }

        return (projects, packages);
    }
}
