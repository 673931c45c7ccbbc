using Microsoft.ML;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.MLNet.Tests.Evaluation;

public sealed class ScoreTests
{
    [Fact]
    public void Scores_are_those_of_a_prediction_engine_row_by_row()
    {
        var (context, model, _) = Trips.Train("fasttree", 1);
        var trips = Trips.Make(500, 21);

        var scored = model.Score(context.Data.LoadFromEnumerable(trips), cancellationToken: TestContext.Current.CancellationToken);

        using var engine = context.Model.CreatePredictionEngine<Trip, TripAnswer>(model);
        var answers = trips.Select(trip => engine.Predict(trip)).Select(a => (a.Raw, a.Probability, a.PredictedLabel)).ToList();
        scored.Labels.Should().Equal(trips.Select(t => t.Label ? 1.0 : 0.0));
        scored.Scores.Should().Equal(answers.Select(a => (double)a.Raw));
        scored.Probabilities.Should().Equal(answers.Select(a => (double)a.Probability));
        scored.PredictedLabels.Should().Equal(answers.Select(a => a.PredictedLabel ? 1.0 : 0.0));
    }

    [Fact]
    public void A_regression_has_scores_and_no_probabilities()
    {
        var context = new MLContext(1);
        var rows = context.Data.LoadFromEnumerable(Trips.Make(200).Select(t => new Point { X = t.Distance, Label = t.Distance * 2 }));
        var model = context.Transforms.Concatenate("Features", "X").Append(context.Regression.Trainers.FastTree(numberOfTrees: 3)).Fit(rows);

        var scored = model.Score(rows, cancellationToken: TestContext.Current.CancellationToken);

        scored.Labels.Should().HaveCount(200).And.Equal(Trips.Make(200).Select(t => (double)(t.Distance * 2)));
        scored.Scores.Should().HaveCount(200).And.OnlyContain(s => double.IsFinite(s));
        scored.Probabilities.Should().BeNull();
        scored.PredictedLabels.Should().BeNull();
    }

    [Fact]
    public void A_missing_label_is_named_with_the_columns_there_are()
    {
        var (context, model, _) = Trips.Train("sdca", 1);

        var score = () => model.Score(context.Data.LoadFromEnumerable(Trips.Make(5)), "Late", TestContext.Current.CancellationToken);

        score.Should().Throw<ArgumentException>().WithMessage("*'Late'*Distance, Hour, Origin*");
    }

    [Fact]
    public void A_label_that_is_not_a_number_is_refused()
    {
        var (context, model, _) = Trips.Train("sdca", 1);

        var score = () => model.Score(context.Data.LoadFromEnumerable(Trips.Make(5)), "Origin", TestContext.Current.CancellationToken);

        score.Should().Throw<ArgumentException>().WithMessage("*'Origin'*");
    }

    private sealed class Point
    {
        public float X { get; set; }

        public float Label { get; set; }
    }
}
