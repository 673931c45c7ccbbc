using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mlops.Sdk.Serving;

/// <summary>Healthy when every predictor serves what its alias points at, degraded when one serves something older, unhealthy when one serves nothing.</summary>
internal sealed class ModelsHealthCheck(IEnumerable<AliasedModel> models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = models.Select(model => (Name: $"{model.Model}@{model.Alias}", model.State)).ToList();
        var status = states.Any(s => s.State.Version is null) ? context.Registration.FailureStatus
            : states.Any(s => s.State.Reason is not null) ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        var data = states.DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => (object)(s.State.Version ?? 0));
        return Task.FromResult(new HealthCheckResult(status, string.Join(" ", states.Select(s => $"{s.Name} {s.State.Describe()}")), data: data));
    }
}
