using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Pipelines;

/// <summary>What counts as the code of a step: its fingerprint, or <c>declared</c>. Read once per step.</summary>
internal sealed class StepCodeReader
{
    private const string Declared = "declared";
    private readonly Lazy<ProjectAssemblies> assemblies = new(ProjectAssemblies.OfApp);
    private readonly Lazy<CodeFingerprint> fingerprints;
    private readonly ILogger<PipelineEngine> log;
    private readonly ConcurrentDictionary<Type, string> codes = new();
    private readonly ConcurrentDictionary<(Type, string), bool> warned = new();

    public StepCodeReader(ILogger<PipelineEngine> log)
    {
        this.log = log;
        fingerprints = new(() => new CodeFingerprint(assemblies.Value));
    }

    /// <summary>The version of a package of the app, or null.</summary>
    public string? PackageVersion(string name) => assemblies.Value.PackageVersion(name);

    public string Of(StepDeclaration step) => step.Code == StepCode.Declared ? Declared : codes.GetOrAdd(step.Type, _ => Read(step));

    /// <summary>Says something about a step once in the life of the host.</summary>
    public void WarnOnce(Type step, string what, Action warn)
    {
        if (warned.TryAdd((step, what), true))
        {
            warn();
        }
    }

    private string Read(StepDeclaration step)
    {
        var roots = TypesOf(step.Type).Select(type => type.Assembly).Distinct().Where(assembly => assembly != typeof(object).Assembly);
        var (hash, problem) = fingerprints.Value.Of(roots.Select(assembly => (assembly.GetName().Name!, (Guid?)assembly.ManifestModule.ModuleVersionId)));
        if (hash is not null)
        {
            return hash;
        }

        WarnOnce(step.Type, "code", () => Log.CodeIsDeclared(log, step.Name, problem!));
        return Declared;
    }

    /// <summary>The class of a generic step is also what it is made of.</summary>
    private static IEnumerable<Type> TypesOf(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(TypesOf).Prepend(type) : [type];
}
