using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Data;

public sealed class RowValidatorTests
{
    private static readonly RowValidator<Trip> Validator = DataContract.For<Trip>(c => c.Require("origin differs from target", t => t.Origin != t.Target)).Compile();

    [Fact]
    public void A_valid_row_has_no_violation()
    {
        Validator.IsValid(Trip.Good).Should().BeTrue();
        Validator.Check(Trip.Good).Should().BeEmpty();
    }

    [Fact]
    public void Every_broken_rule_is_named_in_the_order_of_the_contract()
    {
        var row = Trip.Good with { Delay = 2001, Speed = double.NaN, Origin = "👍x", Target = "👍x", At = new(2000, 12, 31) };

        Validator.Check(row).Select(v => v.Rule).Should().Equal("at.range", "delay.range", "origin.length", "origin.pattern", "speed.finite", "target.domain", "origin differs from target");
        Validator.IsValid(row).Should().BeFalse();
    }

    [Fact]
    public void A_message_says_what_is_asked_for_and_not_what_was_sent() =>
        Validator.Check(Trip.Good with { Delay = 31337 }).Should().Equal(new Violation("delay.range", "delay", "delay must be between -120 and 2000"));

    [Fact]
    public void Null_breaks_presence_only()
    {
        Validator.Check(Trip.Good with { Delay = null, Speed = null, Target = null, Origin = null! }).Select(v => v.Rule).Should().Equal("delay.presence", "origin.presence");
    }

    [Theory]
    [InlineData(-0.0, true)]
    [InlineData(1.5, true)]
    [InlineData(-double.Epsilon, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Minus_zero_is_zero_and_bounds_are_included(double speed, bool valid) => Validator.IsValid(Trip.Good with { Speed = speed }).Should().Be(valid);

    [Fact]
    public void Times_are_compared_in_whole_microseconds()
    {
        Validator.IsValid(Trip.Good with { At = new DateTime(2001, 7, 1).AddTicks(19) }).Should().BeTrue();
        Validator.IsValid(Trip.Good with { At = new DateTime(2001, 7, 1).AddTicks(20) }).Should().BeFalse();
    }

    [Fact]
    public void A_policy_lets_NaN_pass_and_no_rule_compares_it()
    {
        var validator = DataContract.For<Trip>(c => c.Require("x is small", t => t.X < 1)).Compile();

        validator.IsValid(Trip.Good with { X = double.NaN }).Should().BeTrue();
        validator.IsValid(Trip.Good with { X = double.PositiveInfinity }).Should().BeTrue();
        validator.IsValid(Trip.Good with { X = 1 }).Should().BeFalse();
    }

    [Fact]
    public void A_valid_row_costs_no_allocation()
    {
        for (var i = 0; i < 100; i++)
        {
            Validator.IsValid(Trip.Good);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Validator.IsValid(Trip.Good);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Null_instead_of_a_row_is_an_argument_error()
    {
        var check = () => Validator.IsValid(null!);

        check.Should().Throw<ArgumentNullException>();
    }
}
