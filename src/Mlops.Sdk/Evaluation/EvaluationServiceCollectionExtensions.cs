using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Evaluation;

namespace Microsoft.Extensions.DependencyInjection;

internal static class EvaluationServiceCollectionExtensions
{
    /// <summary>Adds evaluation. Idempotent.</summary>
    public static void AddEvaluation(this IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptionsWithValidateOnStart<EvaluationOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration.GetSection("Evaluation"));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EvaluationOptions>, EvaluationOptionsValidator>());
        services.TryAddSingleton<IModelEvaluator, ModelEvaluator>();
    }
}
