using CsCheck;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class PointSamplerTests
{
    private static readonly Gen<double> Value = Gen.Frequency((8, Gen.Double[-10, 10]), (4, Gen.Int[-3, 3].Select(i => (double)i)), (1, Gen.Const(double.NaN)), (1, Gen.Const(double.PositiveInfinity)), (1, Gen.Const(double.NegativeInfinity)));

    [Fact]
    public void A_sample_is_what_brute_force_keeps_of_buckets_of_the_smallest_width_that_was_needed() =>
        Gen.Select(Value.Array[0, 400], Gen.Int[10, 60]).Sample((values, max) =>
        {
            var series = Series(values);
            var sample = Sample(series, max);

            sample.Should().HaveCountLessThanOrEqualTo(max);
            var width = Enumerable.Range(0, 10).Select(power => 1 << power).First(width => sample.SequenceEqual(BruteForce(series, width)));
            if (width > 1)
            {
                Enumerable.Range(1, series.Count).Should().Contain(count => BruteForce(series.Take(count), width / 2).Count > max, "buckets are merged only when they must be");
            }
        });

    [Fact]
    public void What_a_curve_is_looked_at_for_is_never_lost() =>
        Gen.Select(Value.Array[1, 3000], Gen.Int[10, 200]).Sample((values, max) =>
        {
            var series = Series(values);
            var sample = Sample(series, max);

            sample.Should().HaveCountLessThanOrEqualTo(max);
            (sample[0], sample[^1]).Should().Be((series[0], series[^1]));
            sample.Select(point => point.Step).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
            sample.Should().OnlyContain(point => point.Equals(series[(int)point.Step]));
            foreach (var kind in new Func<double, bool>[] { double.IsNaN, double.IsPositiveInfinity, double.IsNegativeInfinity })
            {
                sample.Any(point => kind(point.Value)).Should().Be(values.Any(kind));
            }

            if (values.Any(double.IsFinite))
            {
                sample.Where(point => double.IsFinite(point.Value)).Min(point => point.Value).Should().Be(values.Where(double.IsFinite).Min());
                sample.Where(point => double.IsFinite(point.Value)).Max(point => point.Value).Should().Be(values.Where(double.IsFinite).Max());
            }

            if (values.Length <= max)
            {
                sample.Should().Equal(series);
            }
        });

    [Fact]
    public void One_spike_in_a_million_points_is_seen_and_most_of_the_room_is_used()
    {
        var sampler = new PointSampler(1000);
        for (var step = 0; step < 1_000_000; step++)
        {
            sampler.Add(new("loss", step, default, step == 345_678 ? 99 : Math.Sin(step / 1000.0)));
        }

        sampler.Points.Should().Contain(point => point.Step == 345_678).And.HaveCountGreaterThan(250).And.HaveCountLessThanOrEqualTo(1000);
    }

    private static List<MetricPoint> Series(double[] values) => [.. values.Select((value, step) => new MetricPoint("loss", step, default, value))];

    private static IReadOnlyList<MetricPoint> Sample(List<MetricPoint> series, int max)
    {
        var sampler = new PointSampler(max);
        series.ForEach(point => sampler.Add(point));
        return sampler.Points;
    }

    private static List<MetricPoint> BruteForce(IEnumerable<MetricPoint> series, int width) =>
        [.. series.Chunk(width).SelectMany(bucket => new[]
        {
            [bucket[0], bucket[^1]],
            bucket.Where(point => double.IsFinite(point.Value)).OrderBy(point => point.Value).ThenBy(point => point.Step).Take(1),
            bucket.Where(point => double.IsFinite(point.Value)).OrderByDescending(point => point.Value).ThenBy(point => point.Step).Take(1),
            bucket.Where(point => double.IsNaN(point.Value)).Take(1),
            bucket.Where(point => double.IsPositiveInfinity(point.Value)).Take(1),
            bucket.Where(point => double.IsNegativeInfinity(point.Value)).Take(1),
        }.SelectMany(points => points).DistinctBy(point => point.Step).OrderBy(point => point.Step))];
}
