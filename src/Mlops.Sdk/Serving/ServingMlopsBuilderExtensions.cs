using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Data;
using Mlops.Sdk.Serving;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds predictors and model runtimes.</summary>
public static class ServingMlopsBuilderExtensions
{
    private const string Reflects = "Golden rows and contracts are read by reflection over the row types.";

    /// <summary>
    /// Adds <see cref="IPredictor{TIn, TOut}"/> for a model: a singleton under its key, and also without a key as long as it is the only one with these types. Models load in the background after host start;
    /// the health check <c>mlops-models</c> says when they serve.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="model">The model's name in the registry.</param>
    /// <param name="configure">Options, applied after the configuration section <c>Predictors:{key}</c>.</param>
    /// <param name="key">The service key; the model's name when null.</param>
    /// <exception cref="ArgumentException">The key is taken.</exception>
    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    public static MlopsBuilder AddPredictor<TIn, TOut>(this MlopsBuilder builder, string model, Action<PredictorOptions<TIn>>? configure = null, string? key = null)
        where TIn : class
        where TOut : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        key ??= model;
        var services = builder.Services;
        if (services.Any(s => s.ImplementationInstance is PredictorRegistration added && added.Key == key))
        {
            throw new ArgumentException($"A predictor with the key '{key}' was added already. Pass another key, for example \"{key}-challenger\".", nameof(key));
        }

        AddServing(builder);
        Configure(builder, key, configure);
        var json = GoldenRows.CreateJson();
        services.AddSingleton(new PredictorRegistration(key, typeof(TIn), typeof(TOut)));
        services.AddKeyedSingleton(key, (provider, _) => Create<TIn, TOut>(provider, model, key, json));
        services.AddKeyedSingleton<IPredictor<TIn, TOut>>(key, (provider, _) => provider.GetRequiredKeyedService<Predictor<TIn, TOut>>(key));
        services.AddSingleton<AliasedModel>(provider => provider.GetRequiredKeyedService<Predictor<TIn, TOut>>(key));
        services.TryAddSingleton(Single<TIn, TOut>);
        return builder;
    }

    /// <summary>Adds a way to load models. Of several with one name, the last added is used.</summary>
    public static MlopsBuilder AddModelRuntime<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRuntime>(this MlopsBuilder builder)
        where TRuntime : class, IModelRuntime
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelRuntime, TRuntime>());
        return builder;
    }

    private static void AddServing(MlopsBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(ServingMetrics)))
        {
            return;
        }

        services.AddSingleton<ServingMetrics>();
        services.AddSingleton<ModelLoader>();
        services.AddSingleton<IHostedService, ModelFollower>();
        services.AddHealthChecks().AddCheck<ModelsHealthCheck>("mlops-models", tags: ["mlops"]);
    }

    [RequiresUnreferencedCode(Reflects)]
    private static RowValidator<TIn>? CheckOfRecord<TIn>()
        where TIn : class
    {
        // ML.NET's own attributes do not make a contract, and a row without a rule needs none: its columns may be of types that no contract has.
        var rules = typeof(ContractAttribute).Namespace;
        var described = typeof(TIn).GetCustomAttributes().Concat(typeof(TIn).GetProperties().SelectMany(property => property.GetCustomAttributes()));
        return described.Any(attribute => attribute.GetType().Namespace == rules) ? DataContract.For<TIn>().Compile() : null;
    }

    [RequiresUnreferencedCode(Reflects)]
    private static void Configure<TIn>(MlopsBuilder builder, string key, Action<PredictorOptions<TIn>>? configure)
        where TIn : class
    {
        var options = builder.Services.AddOptionsWithValidateOnStart<PredictorOptions<TIn>>(key).Configure(o => o.Check = CheckOfRecord<TIn>());
        if (builder.Configuration?.GetSection("Predictors").GetSection(key) is { } section)
        {
            options.Configure(o => Bind(section, o));
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        options.Validate(o => !string.IsNullOrWhiteSpace(o.Alias), $"Mlops:Predictors:{key}:Alias is empty.");
        options.Validate(o => o.Recheck >= TimeSpan.FromSeconds(1) && o.Recheck <= TimeSpan.FromDays(1), $"Mlops:Predictors:{key}:Recheck is from 1 second to a day.");
    }

    // Not generic, so that the binder is generated.
    private static void Bind(Configuration.IConfiguration section, PredictorOptions options) => Configuration.ConfigurationBinder.Bind(section, options);

    private static Predictor<TIn, TOut> Create<TIn, TOut>(IServiceProvider provider, string model, string key, System.Text.Json.JsonSerializerOptions json)
        where TIn : class
        where TOut : class, new()
    {
        var metrics = provider.GetRequiredService<ServingMetrics>();
        var predictor = new Predictor<TIn, TOut>(
            model,
            provider.GetRequiredService<IOptionsMonitor<PredictorOptions<TIn>>>().Get(key),
            json,
            provider.GetRequiredService<ModelLoader>(),
            metrics,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(IPredictor<,>).FullName!));
        metrics.Add(predictor);
        return predictor;
    }

    private static IPredictor<TIn, TOut> Single<TIn, TOut>(IServiceProvider provider)
        where TIn : class
        where TOut : class, new()
    {
        var keys = provider.GetServices<PredictorRegistration>().Where(r => r.Input == typeof(TIn) && r.Output == typeof(TOut)).Select(r => r.Key).ToList();
        return keys is [var only]
            ? provider.GetRequiredKeyedService<IPredictor<TIn, TOut>>(only)
            : throw new InvalidOperationException($"{keys.Count} predictors have the types {typeof(TIn).Name} and {typeof(TOut).Name}: {string.Join(", ", keys)}. Inject one by its key, for example [FromKeyedServices(\"{keys[0]}\")].");
    }
}
