using CsCheck;
using FlightDelay.Features;
using FlightDelay.Flights;

namespace FlightDelay.Tests.Features;

public class AsOfFeaturesTests
{
    private static readonly DateTime Start = new(2001, 1, 1);

    private static readonly Gen<Flight> AnyFlight =
        from minute in Gen.Int[0, 40 * 1440]
        from delay in Gen.Frequency((8, Gen.Long[-40, 60]), (1, Gen.Long[15, 15]), (1, Gen.Long[-120, 1440]))
        from origin in Gen.Bool.Select(b => b ? "ORD" : "LAX")
        from destination in Gen.Bool.Select(b => b ? "JFK" : "SFO")
        from distance in Gen.Long[21, 4962]
        select new Flight { Date = Start.AddMinutes(minute), Delay = delay, Distance = distance, Origin = origin, Destination = destination };

    private static readonly Gen<Flight[]> AnyFlights = AnyFlight.Array[1, 120].Select(flights => flights.OrderBy(f => f.Date).ToArray());

    [Fact]
    public void Every_feature_equals_its_definition_over_all_flights() =>
        AnyFlights.Sample(
            flights =>
            {
                var stream = new AsOfFeatures();
                for (var i = 0; i < flights.Length; i++)
                {
                    ShouldAgree(stream.Next(flights[i]), FeatureOracle.Of(flights, i));
                }
            },
            iter: 200 * Scale);

    [Fact]
    public void What_has_not_landed_yet_cannot_change_a_feature() =>
        Gen.Select(AnyFlights, Gen.Int[0, 119], Gen.Long[-120, 1440].Array[120]).Sample(
            (flights, pick, delays) =>
            {
                var index = pick % flights.Length;
                var now = flights[index].Date;
                var altered = flights
                    .Select((f, i) => FeatureOracle.LandsAt(f) > now && i != index ? f with { Delay = Unlanded(f, delays[i], now), Date = f.Date > now ? f.Date.AddMinutes(delays[i] + 120) : f.Date } : f)
                    .OrderBy(f => f.Date)
                    .ToArray();

                FeaturesAt(altered, index).Should().Be(FeaturesAt(flights, index));
            },
            iter: 200 * Scale);

    [Fact]
    public void A_delay_counts_from_the_minute_in_which_it_is_known()
    {
        var early = new Flight { Date = Start, Delay = 30, Distance = 800, Origin = "ORD", Destination = "JFK" };
        early.KnownAt.Should().Be(Start.AddMinutes(100 + 40 + 30));

        LabelledFlight After(TimeSpan time) => FeaturesAt([early, early with { Date = Start + time }], 1);

        After(TimeSpan.FromMinutes(169)).AirportFlights1h.Should().Be(0);
        After(TimeSpan.FromMinutes(170)).AirportFlights1h.Should().Be(1);
        After(TimeSpan.FromMinutes(229)).AirportFlights1h.Should().Be(1);
        After(TimeSpan.FromMinutes(230)).AirportFlights1h.Should().Be(0);
    }

    [Fact]
    public void The_leak_counts_a_delay_from_departure_on()
    {
        var early = new Flight { Date = Start, Delay = 30, Distance = 800, Origin = "ORD", Destination = "JFK" };
        var stream = new AsOfFeatures(leak: true);
        stream.Next(early);

        stream.Next(early).AirportFlights1h.Should().Be(0, "flights of the same minute are not earlier");
        stream.Next(early with { Date = Start.AddMinutes(1) }).AirportFlights1h.Should().Be(2);
    }

    [Fact]
    public void Flights_out_of_order_are_refused()
    {
        var stream = new AsOfFeatures();
        stream.Next(new Flight { Date = Start.AddMinutes(1) });

        FluentActions.Invoking(() => stream.Next(new Flight { Date = Start })).Should().Throw<ArgumentException>().WithMessage("Flights come in order of departure.*");
    }

    private static int Scale => int.TryParse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE"), out var scale) ? scale : 1;

    private static LabelledFlight FeaturesAt(IReadOnlyList<Flight> flights, int index)
    {
        var stream = new AsOfFeatures();
        return flights.Take(index + 1).Select(stream.Next).ToArray()[^1];
    }

    /// <summary>Another delay for a flight in the air, such that it is still in the air.</summary>
    private static long Unlanded(Flight flight, long delay, DateTime now) =>
        FeatureOracle.LandsAt(flight with { Delay = delay }) > now ? delay : flight.Delay;

    private static void ShouldAgree(LabelledFlight actual, LabelledFlight expected)
    {
        foreach (var property in typeof(LabelledFlight).GetProperties().Where(p => p.Name != "EqualityContract"))
        {
            var (a, e) = (property.GetValue(actual), property.GetValue(expected));
            var equal = a is float x && e is float y ? Math.Abs(x - y) <= 1e-4f * Math.Max(1, Math.Abs(y)) : Equals(a, e);
            equal.Should().BeTrue($"{property.Name} of the flight at {expected} is {a}, not {e}");
        }
    }
}
