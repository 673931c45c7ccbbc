using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class MetricSinkTests
{
    private static CancellationToken Token => TrackingBench.Token;

    [Fact]
    public async Task Points_arrive_in_order_and_in_batches()
    {
        var sink = new CollectingSink();
        await using var bench = With(sink, ("FlushInterval", "01:00:00"));
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        for (var i = 0; i < 2500; i++)
        {
            run.LogMetric("loss", i, i);
        }

        await run.FlushAsync(Token);

        sink.Batches.Should().OnlyContain(batch => batch.Points.Count <= 1000 && batch.RunId == run.Id && batch.Experiment == "e").And.HaveCountLessThan(10);
        sink.Batches.SelectMany(batch => batch.Points).Select(point => point.Step).Should().Equal(Enumerable.Range(0, 2500).Select(i => (long)i));
        (await bench.Tracker.ReadMetricAsync(run.Id, "loss", Token).CountAsync(Token)).Should().Be(2500);
    }

    [Fact]
    public async Task A_point_is_written_without_a_flush_when_the_interval_is_over()
    {
        var sink = new CollectingSink();
        await using var bench = With(sink, ("FlushInterval", "00:00:00.05"));
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 1);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (sink.Batches.IsEmpty)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Fact]
    public async Task A_sink_that_fails_does_not_fail_training_and_what_it_lost_is_counted()
    {
        var sink = new ThrowingSink(Enumerable.Repeat(new InvalidDataException("disk"), 100));
        await using var bench = With(sink);
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 1);
        run.LogMetric("loss", 2, 1);
        await run.CompleteAsync(Token);

        var read = await bench.Tracker.GetRunAsync(run.Id, Token);

        read.Should().BeEquivalentTo(new { State = RunState.Finished, DroppedPoints = 2L });
        read.Metrics["loss"].Should().Be(2, "the other sinks got everything");
    }

    [Fact]
    public async Task A_transient_failure_is_tried_again_with_the_same_batch()
    {
        var sink = new ThrowingSink([new MlopsException("busy") { IsTransient = true }, new MlopsException("busy") { IsTransient = true }]);
        await using var bench = With(sink);
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 1);
        await run.FlushAsync(Token);

        sink.Tried.Should().HaveCount(3);
        sink.Tried.Select(batch => batch.Id).Distinct().Should().ContainSingle();
        run.DroppedPoints.Should().Be(0);
    }

    [Fact]
    public async Task A_failure_that_is_not_transient_is_not_tried_again()
    {
        var sink = new ThrowingSink([new MlopsException("no")]);
        await using var bench = With(sink);
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 1);
        await run.FlushAsync(Token);

        sink.Tried.Should().ContainSingle();
        run.DroppedPoints.Should().Be(1);
    }

    [Fact]
    public async Task A_stuck_sink_blocks_nobody_and_everything_it_did_not_take_is_counted()
    {
        var sink = new StuckSink();
        await using var bench = With(sink, ("BufferCapacity", "10"), ("BatchSize", "1"), ("DrainTimeout", "00:00:00.2"));
        using var counted = new MeterListener();
        var total = 0L;
        counted.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "mlops.tracking.points.dropped")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        counted.SetMeasurementEventCallback<long>((_, value, tags, _) => Interlocked.Add(ref total, tags[0].Value is "stuck" ? value : 0));
        counted.Start();
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 0);
        await sink.Entered.Task.WaitAsync(Token);
        for (var i = 1; i < 100; i++)
        {
            run.LogMetric("loss", i, i);
            await Task.Yield();
        }

        await run.CompleteAsync(Token);

        total.Should().Be(100, "the sink took none of them");
        (await bench.Tracker.GetRunAsync(run.Id, Token)).State.Should().Be(RunState.Finished);
    }

    [Fact]
    public async Task Metrics_go_to_the_log_when_asked_for()
    {
        var lines = new ConcurrentQueue<string>();
        await using var bench = new TrackingBench(builder =>
        {
            builder.AddLoggerMetricSink().AddLoggerMetricSink();
            builder.Services.AddSingleton<ILoggerProvider>(new Lines(lines));
        });
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("auc", 0.75, 3);
        await run.FlushAsync(Token);

        lines.Where(line => line.Contains("auc")).Should().Equal($"Run {run.Id}: auc = 0.75 at step 3.");
    }

    [Fact]
    public async Task Metrics_go_to_a_gauge_when_asked_for()
    {
        var seen = new ConcurrentQueue<(double, object?, object?)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "mlops.tracking.metric" && instrument.Meter.Name == MlopsDiagnostics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => seen.Enqueue((value, tags[0].Value, tags[1].Value)));
        listener.Start();
        await using var bench = new TrackingBench(builder => builder.AddMeterMetricSink());
        await using var run = await bench.Tracker.StartRunAsync("gauged", null, Token);
        run.LogMetric("auc", 0.75);
        await run.FlushAsync(Token);

        seen.Should().Contain((0.75, "gauged", "auc"));
    }

    [Fact]
    public async Task A_metric_that_no_store_could_keep_is_refused_at_once()
    {
        await using var bench = new TrackingBench();
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);

        foreach (var name in new[] { "", " ", "a\0b", "\ud800", new string('x', 201) })
        {
            FluentActions.Invoking(() => run.LogMetric(name, 1)).Should().Throw<ArgumentException>().WithMessage("The name of the metric*");
        }
    }

    [Theory]
    [InlineData("BatchSize", "0")]
    [InlineData("DrainTimeout", "00:00:00")]
    public async Task A_bad_option_is_named(string key, string value)
    {
        await using var bench = new TrackingBench(null, (key, value));

        await FluentActions.Awaiting(() => bench.Tracker.StartRunAsync("e", null, Token)).Should().ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage($"*Mlops:Tracking:{key}*");
    }

    private static TrackingBench With(IMetricSink sink, params (string Key, string Value)[] settings) => new(builder => builder.Services.AddSingleton(sink), settings);

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
