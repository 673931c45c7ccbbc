using System.Collections.Concurrent;
using System.Reflection;

namespace Mlops.Sdk.Pipelines;

/// <summary>What a step's class declares, with what the host says on top.</summary>
internal sealed record StepDeclaration(Type Type, string Name, string Identity, string Version, StepCode Code, IReadOnlyList<KeyValuePair<string, string>> Environment, bool Cache, int MaxAttempts, TimeSpan? Timeout)
{
    private const int MaxNameLength = 100;

    public static StepDeclaration Read(Type type, IEnumerable<StepOverride> overrides, Func<string, string?> packageVersion)
    {
        var declared = type.GetCustomAttribute<StepAttribute>(inherit: false) ?? new StepAttribute();
        var options = new StepOptions
        {
            MaxAttempts = declared.MaxAttempts,
            Timeout = declared.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(declared.TimeoutSeconds) : null,
            Cache = declared.Cache,
        };
        foreach (var change in overrides)
        {
            change.Configure(options);
        }

        if (options.MaxAttempts < 1)
        {
            throw new InvalidOperationException($"The step {type.Name} has MaxAttempts {options.MaxAttempts}; it is at least 1.");
        }

        if (options.Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(10) || timeout > TimeSpan.FromHours(24)))
        {
            // The bounds of Polly's timeout.
            throw new InvalidOperationException($"The step {type.Name} has a timeout of {timeout}; it is from 10 milliseconds to 24 hours, or none.");
        }

        return new(
            type,
            CheckName(declared.Name ?? NotCanonicalException.NameOf(type), $"The step {type.Name}"),
            IdentityOf(type, declared.Name),
            declared.Version,
            declared.Code,
            [.. declared.Environment.Distinct().Select(name => KeyValuePair.Create(name, packageVersion(name) ?? VersionOf(type, name)))],
            options.Cache,
            options.MaxAttempts,
            options.Timeout);
    }

    /// <summary>Names become parts of paths, which are read by people and split by tools.</summary>
    public static string CheckName(string name, string what) =>
        name.Length is > 0 and <= MaxNameLength && name.AsSpan().IndexOfAny("/[]#") < 0 && !name.Any(char.IsControl)
            ? name
            : throw new InvalidOperationException($"{what} has the name '{name}'; a name has 1 to {MaxNameLength} characters, without '/', '[', ']' and '#'.");

    /// <summary>The name in keys. A class without a declared name may have namesakes in other namespaces, and a generic one is as many steps as it has arguments.</summary>
    private static string IdentityOf(Type type, string? declared) =>
        declared is null ? type.ToString()
        : type.IsGenericType ? $"{declared}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.ToString()))}>"
        : declared;

    private static string VersionOf(Type step, string assembly)
    {
        try
        {
            var loaded = Assembly.Load(new AssemblyName(assembly));
            var version = loaded.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? loaded.GetName().Version?.ToString() ?? "0";

            // What follows the plus is the commit that it was built from, which changes with a text file.
            return version.Split('+')[0];
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new InvalidOperationException($"The step {step.Name} names the environment fact '{assembly}', but the host references neither a package nor an assembly of this name. Correct it, or remove it.", e);
        }
    }
}

/// <summary>The declarations of the steps of one pipeline, each read once.</summary>
internal sealed class StepDeclarations(Type pipeline, PipelineEngine engine)
{
    private readonly List<StepOverride> own = [.. engine.Overrides.Where(o => o.Pipeline == pipeline)];
    private readonly ConcurrentDictionary<Type, StepDeclaration> read = new();

    public StepDeclaration Get(Type step) => read.GetOrAdd(step, type => StepDeclaration.Read(type, own.Where(o => o.Step == type), engine.Code.PackageVersion));
}
