using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>
/// Thins a series out in one pass and bounded memory, and keeps what a curve is looked at for: buckets of equally many consecutive points, and of each the first, the last, the lowest, the highest,
/// and the first NaN and infinity of either sign. When the kept points become too many, neighbouring buckets are merged.
/// After M4 (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014), with a width that is found on the way because the length of the series is not known.
/// </summary>
internal sealed class PointSampler(int maxPoints)
{
    private readonly List<Bucket> buckets = [];
    private long width = 1;
    private int kept;

    public void Add(in MetricPoint point)
    {
        if (buckets.Count == 0 || buckets[^1].Seen == width)
        {
            buckets.Add(new());
        }

        kept -= buckets[^1].Points.Count;
        buckets[^1].Add(point);
        kept += buckets[^1].Points.Count;
        while (kept > maxPoints)
        {
            Merge();
        }
    }

    public IReadOnlyList<MetricPoint> Points => [.. buckets.SelectMany(bucket => bucket.Points)];

    private void Merge()
    {
        width *= 2;
        kept = 0;
        var merged = 0;
        for (var i = 0; i < buckets.Count; i += 2)
        {
            var bucket = buckets[i];
            if (i + 1 < buckets.Count)
            {
                bucket.Add(buckets[i + 1]);
            }

            buckets[merged++] = bucket;
            kept += bucket.Points.Count;
        }

        buckets.RemoveRange(merged, buckets.Count - merged);
    }

    /// <summary>Consecutive points. Of equal values the first is kept.</summary>
    private sealed class Bucket
    {
        public long Seen { get; private set; }

        /// <summary>The kept points in their order.</summary>
        public List<MetricPoint> Points { get; } = new(4);

        public void Add(in MetricPoint point)
        {
            Seen++;
            Points.Add(point);
            Thin();
        }

        public void Add(Bucket next)
        {
            Seen += next.Seen;
            Points.AddRange(next.Points);
            Thin();
        }

        private void Thin()
        {
            if (Points.Count <= 2)
            {
                return;
            }

            var (lowest, highest, nan, positive, negative) = (-1, -1, -1, -1, -1);
            for (var i = 0; i < Points.Count; i++)
            {
                var value = Points[i].Value;
                if (double.IsNaN(value))
                {
                    nan = nan < 0 ? i : nan;
                }
                else if (double.IsPositiveInfinity(value))
                {
                    positive = positive < 0 ? i : positive;
                }
                else if (double.IsNegativeInfinity(value))
                {
                    negative = negative < 0 ? i : negative;
                }
                else
                {
                    lowest = lowest < 0 || value < Points[lowest].Value ? i : lowest;
                    highest = highest < 0 || value > Points[highest].Value ? i : highest;
                }
            }

            var write = 0;
            for (var i = 0; i < Points.Count; i++)
            {
                if (i == 0 || i == Points.Count - 1 || i == lowest || i == highest || i == nan || i == positive || i == negative)
                {
                    Points[write++] = Points[i];
                }
            }

            Points.RemoveRange(write, Points.Count - write);
        }
    }
}
