using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.ML;

namespace Mlops.Sdk.MLNet.Tests.Serving;

public sealed class MLNetRuntimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sdca")]
    [InlineData("fasttree")]
    [InlineData("lightgbm")]
    public async Task A_served_model_answers_as_a_bare_engine_does_from_many_threads(string trainer)
    {
        var (context, model, rows) = Trips.Train(trainer, 1);
        await using var host = await MLNetHost<Trip, TripAnswer>.StartAsync();
        await host.ServeAsync(await host.RegisterAsync(context, model, rows.Schema, Trips.Make(5, 9)));
        var inputs = Trips.Make(2_000, 11);
        using var engine = context.Model.CreatePredictionEngine<Trip, TripAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var expected = inputs.Select(input => engine.Predict(input).Raw).ToArray();
        var actual = new float[inputs.Count];

        await Parallel.ForAsync(0, inputs.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (i, token) => actual[i] = (await host.Predictor.PredictAsync(inputs[i], token)).Value.Raw);

        actual.Should().Equal(expected);
    }

    [Fact]
    public async Task A_model_whose_columns_the_row_types_lack_is_refused_and_the_column_is_named()
    {
        await using var host = await MLNetHost<X, Y>.StartAsync();
        var (context, model, schema) = Constants.Fit(1, null);
        await host.ServeAsync(await host.RegisterAsync(context, model, schema, new X()));
        var trips = context.Data.LoadFromEnumerable(Trips.Make(1));
        using var saved = new MemoryStream();
        context.Model.Save(context.Transforms.CopyColumns("y", "Distance").Fit(trips), trips.Schema, saved);
        var version = await host.RegisterAsync(saved.ToArray());

        var serve = () => host.ServeAsync(version);

        (await serve.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("Distance").And.Contain("version 2 was refused");
        (await host.HealthAsync()).Status.Should().Be(HealthStatus.Degraded);
        (await host.Predictor.PredictAsync(new X(), Token)).Version.Should().Be(1);
        host.Runtime.Live.Should().Be(1);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_refused_and_named()
    {
        await using var host = await MLNetHost<X, Y>.StartAsync();
        var version = await host.RegisterAsync(Encoding.UTF8.GetBytes("not a zip"));

        var serve = () => host.ServeAsync(version);

        (await serve.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("cannot load the model of package");
        (await host.HealthAsync()).Status.Should().Be(HealthStatus.Unhealthy);
    }
}
