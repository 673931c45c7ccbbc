using Mlops.Sdk;
using Mlops.Sdk.Serving;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Loads models where no host is started: in scripts, tools and tests.</summary>
public static class ServingServiceProviderExtensions
{
    /// <summary>
    /// Lets every predictor serve the version that its alias points at now, one after the other. One that cannot is no exception: the health check <c>mlops-models</c> has the reason.
    /// The stores must be open; see <c>OpenMlopsAsync</c>.
    /// </summary>
    public static async Task RefreshPredictorsAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var model in services.GetServices<AliasedModel>())
        {
            try
            {
                await model.RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (MlopsException)
            {
                // It is in the state of the predictor.
            }
        }
    }
}
