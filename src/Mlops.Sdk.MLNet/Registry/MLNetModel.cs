using System.Reflection;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Registry;

/// <summary>
/// A trained ML.NET model as a package. Equal trainings give equal bytes: the zip is written in a canonical form.
/// A training is repeatable only with one <c>new MLContext(seed)</c> for each fit and a stated thread count; a context that parallel fits share hands out its random numbers in the order of their threads.
/// FastTree takes a <c>Seed</c> of its own and ignores that of the context; set both.
/// </summary>
public sealed class MLNetModel : IDisposable
{
    private MLNetModel(ModelPackage package, ITransformer transformer, DataViewSchema inputSchema)
    {
        Package = package;
        Transformer = transformer;
        InputSchema = inputSchema;
    }

    /// <summary>The package that it was loaded from.</summary>
    public ModelPackage Package { get; }

    /// <summary>The model. Thread-safe, other than a <see cref="PredictionEngine{TSrc,TDst}"/>.</summary>
    public ITransformer Transformer { get; }

    /// <summary>The columns that the model was trained on, labels included.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>Saves a model as a package with golden rows: the samples and what the model answers to them. The package is stored only when the saved bytes, loaded again, give the same answers.</summary>
    /// <typeparam name="TIn">The input record; public properties and fields of types that System.Text.Json can write and read.</typeparam>
    /// <typeparam name="TOut">The answer; what it names is compared by every host that loads the package.</typeparam>
    /// <param name="artifacts">Where to.</param>
    /// <param name="context">The context of the fit. Not used by anybody else meanwhile.</param>
    /// <param name="model">The trained model.</param>
    /// <param name="inputSchema">The schema of the training rows.</param>
    /// <param name="samples">Inputs for golden rows, for example the first ten held-out rows; empty for none.</param>
    /// <param name="options">What else goes into the package, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MlopsException">The saved model cannot be loaded again or answers otherwise; the message says why.</exception>
    public static async Task<ModelPackageRef> SaveAsync<TIn, TOut>(
        IArtifactStore artifacts,
        MLContext context,
        ITransformer model,
        DataViewSchema inputSchema,
        IEnumerable<TIn> samples,
        MLNetPackageOptions? options = null,
        CancellationToken cancellationToken = default)
        where TIn : class
        where TOut : class, new()
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new();
        cancellationToken.ThrowIfCancellationRequested();
        using var saved = new MemoryStream();
        context.Model.Save(model, inputSchema, saved);
        saved.Position = 0;
        var bytes = DeterministicZip.Of(saved);
        List<GoldenRow> goldenRows;
        using (var slot = Slot<TIn, TOut>(context, model))
        {
            goldenRows = [.. samples.Select(input => GoldenRows.Of(input, slot.Predict(input), options.Tolerance))];
        }

        Prove<TIn, TOut>(context, bytes, goldenRows);
        return await new ModelPackageBuilder(MLNetRuntime.RuntimeName)
        {
            Contract = options.Contract,
            Run = options.Run,
            Datasets = options.Datasets,
            GateReport = options.GateReport,
            Environment = new Dictionary<string, string>(options.Environment) { ["Microsoft.ML"] = Version },
            Card = options.Card,
        }
            .AddFile(MLNetRuntime.ModelPath, bytes)
            .AddGoldenRows(goldenRows)
            .SaveAsync(artifacts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads the model of a package, whose bytes were verified when the package was opened and are verified again now.</summary>
    /// <param name="package">The package.</param>
    /// <param name="context">The context that knows the model's components, for example custom mappings; null for a new one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MlopsException">It is not a model of ML.NET, or ML.NET cannot load it on this host.</exception>
    public static async Task<MLNetModel> LoadAsync(ModelPackage package, MLContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Runtime != MLNetRuntime.RuntimeName)
        {
            throw new MlopsException($"Package {package.Digest} has the runtime '{package.Manifest.Runtime}', not '{MLNetRuntime.RuntimeName}'. Load it with that runtime.");
        }

        var bytes = await package.ReadAsync(MLNetRuntime.ModelPath, cancellationToken).ConfigureAwait(false);
        var transformer = Load(context ?? new MLContext(), bytes, $"the model of package {package.Digest}", out var inputSchema);
        return new(package, transformer, inputSchema);
    }

    /// <summary>Frees what the model holds, above all native memory. Prediction engines of it must be gone.</summary>
    public void Dispose() => (Transformer as IDisposable)?.Dispose();

    private static string Version { get; } =
        typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? typeof(MLContext).Assembly.GetName().Version!.ToString(3);

    private static void Prove<TIn, TOut>(MLContext context, byte[] bytes, IReadOnlyList<GoldenRow> goldenRows)
        where TIn : class
        where TOut : class, new()
    {
        var again = Load(context, bytes, "the model that was just saved", out _);
        try
        {
            using var slot = Slot<TIn, TOut>(context, again);
            GoldenRows.Prove(slot, goldenRows);
        }
        catch (MlopsException e)
        {
            throw new MlopsException($"The saved model does not answer as the trained one did. {e.Message} Check that {typeof(TIn).Name} survives JSON with all that the model reads, and that the model saves all its state.", e);
        }
        finally
        {
            (again as IDisposable)?.Dispose();
        }
    }

    // The engine must not own the model: disposing an engine that does would dispose it under everybody else's hands.
    private static MLNetSlot<TIn, TOut> Slot<TIn, TOut>(MLContext context, ITransformer model)
        where TIn : class
        where TOut : class, new() =>
        new(context.Model.CreatePredictionEngine<TIn, TOut>(model, new PredictionEngineOptions { OwnsTransformer = false }));

    private static ITransformer Load(MLContext context, byte[] bytes, string what, out DataViewSchema inputSchema)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            return context.Model.Load(stream, out inputSchema);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new MlopsException($"ML.NET {Version} cannot load {what}: {e.GetBaseException().Message} Reference the package that its trainer comes from (for example Microsoft.ML.LightGbm), and register the assembly of custom mappings with the context's ComponentCatalog.", e);
        }
    }
}
