namespace Mlops.Sdk.Pipelines;

/// <summary>
/// One step of a pipeline: a class from the host's services that implements exactly one <see cref="IStep{TIn, TOut}"/>. Every attempt gets its own service scope and its own instance.
/// </summary>
/// <remarks>
/// Nothing but the input may influence the result, because what is not in the input is not in the cache key: randomness comes from <see cref="StepContext.Seed"/>, data come in as values or as
/// <see cref="Artifacts.ArtifactRef"/>. Inputs and outputs are plain data: records, tuples, lists, dictionaries with text keys, enums, numbers, texts, dates. Large content goes into the artifact store; its reference is the value.
/// </remarks>
/// <typeparam name="TIn">The input; several inputs are a record or a tuple.</typeparam>
/// <typeparam name="TOut">The output.</typeparam>
public interface IStep<TIn, TOut>
{
    /// <summary>Does the work.</summary>
    Task<TOut> RunAsync(TIn input, StepContext context, CancellationToken cancellationToken);
}

/// <summary>What a pipeline holds of a step: a handle, never the step. Injected as an open generic; <c>StepRef.Of(fake)</c> in unit tests.</summary>
/// <typeparam name="TStep">The step.</typeparam>
public interface IStepRef<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors | System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.Interfaces)] out TStep>
    where TStep : class
{
    /// <summary>The class of the step, which declares its name, version and options.</summary>
    Type StepType { get; }

    /// <summary>The name of the call, or null; see <see cref="StepRefExtensions.Named"/>.</summary>
    string? CallName { get; }

    /// <summary>Makes the instance for one attempt from the services of that attempt's scope.</summary>
    TStep Create(IServiceProvider scope);
}

/// <summary>Declares a step. Everything has a default, so a step without the attribute is one named like its class, at version 1.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StepAttribute : Attribute
{
    /// <summary>Declares a step by name; null means the name of the class.</summary>
    public StepAttribute(string? name = null) => Name = name;

    /// <summary>The name in keys, lineage and messages; in keys the arguments of a generic step follow it. One class of a host has a name. Null: messages show the name of the class, keys hold its full name.</summary>
    public string? Name { get; }

    /// <summary>The declared version, part of the key. Default <c>1</c>.</summary>
    public string Version { get; init; } = "1";

    /// <summary>What counts as the code of the step. Default <see cref="StepCode.Fingerprint"/>.</summary>
    public StepCode Code { get; init; }

    /// <summary>Names of packages, or else of assemblies, whose versions are part of the key, for example <c>Microsoft.ML</c>.</summary>
    public string[] Environment { get; init; } = [];

    /// <summary>False for a step that must run every time, because its effect is outside its output. Default true.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>How often the step may be tried. Default 1: no retry.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>The longest that one attempt may take, in seconds; 0 for no limit.</summary>
    public double TimeoutSeconds { get; init; }
}

/// <summary>What counts as the code of a step.</summary>
public enum StepCode
{
    /// <summary>A hash over the IL of the step's assembly and its project references: any change of a helper, lambda or constant is another key.</summary>
    Fingerprint,

    /// <summary>The declared name and version only.</summary>
    Declared,
}
