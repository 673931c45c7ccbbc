using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mlops.Sdk.Evaluation;

internal static class EvaluationServices
{
    /// <summary>Adds evaluation. Idempotent.</summary>
    public static void AddEvaluation(this IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptionsWithValidateOnStart<EvaluationOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration.GetSection("Evaluation"));
        }

        options.Validate(o => o.MaxThreads is >= 0 and <= 1024, "Mlops:Evaluation:MaxThreads is from 0, which means one for each core, to 1,024.");
        services.TryAddSingleton<IModelEvaluator, ModelEvaluator>();
    }
}
