using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Sdk.Tracking;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds places where metrics go, beside the metadata store.</summary>
public static class TrackingMlopsBuilderExtensions
{
    /// <summary>Adds a sink of your own, as a singleton.</summary>
    public static MlopsBuilder AddMetricSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(this MlopsBuilder builder)
        where TSink : class, IMetricSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IMetricSink, TSink>());
        return builder;
    }

    /// <summary>Writes every metric point to the host's log at level Information.</summary>
    public static MlopsBuilder AddLoggerMetricSink(this MlopsBuilder builder) => builder.AddMetricSink<LoggerMetricSink>();

    /// <summary>Publishes the latest value of each metric as the gauge <c>mlops.tracking.metric</c> of <see cref="System.Diagnostics.Metrics"/>.</summary>
    public static MlopsBuilder AddMeterMetricSink(this MlopsBuilder builder) => builder.AddMetricSink<MeterMetricSink>();
}
