using System.Linq.Expressions;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Data;

public sealed class RuleExpressionTests
{
    private static readonly long Captured = 10;

    [Theory]
    [InlineData(long.MaxValue, 1L, false)]
    [InlineData(1L, 1L, true)]
    public void Overflow_is_not_true(long a, long b, bool valid) => Holds(t => t.A + t.B > 0 || t.A + t.B <= 0, a, b).Should().Be(valid);

    [Theory]
    [InlineData(-7L, 2L, true)]
    [InlineData(7L, 0L, false)]
    [InlineData(long.MinValue, -1L, false)]
    public void Division_of_integers_cuts_towards_zero_and_by_zero_is_not_true(long a, long b, bool valid) => Holds(t => t.A / t.B == -3, a, b).Should().Be(valid);

    [Fact]
    public void A_remainder_has_the_sign_of_the_dividend() => Holds(t => t.A % t.B == -1, -7, 3).Should().BeTrue();

    [Fact]
    public void What_cannot_be_computed_does_not_matter_where_the_other_side_decides()
    {
        Holds(t => t.B == 0 || t.A / t.B > 1, 7, 0).Should().BeTrue();
        Holds(t => !(t.B != 0 && t.A / t.B > 1), 7, 0).Should().BeTrue();
        Holds(t => !(t.A / t.B > 1), 7, 0).Should().BeFalse();
    }

    [Fact]
    public void A_rule_is_skipped_where_a_column_that_it_reads_is_null() => Holds(t => t.A < t.B, null, 1).Should().BeTrue();

    [Fact]
    public void Tests_for_null_do_not_skip()
    {
        Expression<Func<Trip, bool>> together = t => (t.A == null) == (t.B == null);

        Holds(t => t.A != null || t.B.HasValue, null, null).Should().BeFalse();
        Holds(together, 1, null).Should().BeFalse();
        Holds(together, null, null).Should().BeTrue();
    }

    [Fact]
    public void Rounding_goes_to_the_even_neighbour()
    {
        Holds(t => Math.Round(t.A!.Value / 2.0) == 2, 5, 0).Should().BeTrue();
        Holds(t => Math.Floor(-0.5 + (double)t.A!.Value) == -1 && Math.Ceiling(-0.5 + t.A.Value) == 0 && Math.Truncate(t.A.Value - 1.5) == -1, 0, 0).Should().BeTrue();
    }

    [Fact]
    public void Captured_values_become_constants()
    {
        var local = new DateTime(2001, 1, 1);

        Holds(t => t.A > Captured && t.At >= local.AddDays(1), 11, 0).Should().BeTrue();
        Holds(t => t.A > Captured, 10, 0).Should().BeFalse();
    }

    [Fact]
    public void The_length_of_a_text_counts_code_points()
    {
        var validator = DataContract.For<Trip>(c => c.Require("r", t => t.Target!.Length == 1)).Compile();

        validator.Check(Trip.Good with { Target = "👍" }).Select(v => v.Rule).Should().Equal("target.domain");
    }

    [Fact]
    public void Anything_else_is_refused_when_the_contract_is_made_and_the_node_is_named()
    {
        var nan = double.NaN;
        Refused(t => t.Origin.StartsWith('A')).Should().Contain("The rule 'r'").And.Contain("t.Origin.StartsWith(A)").And.Contain("Call");
        Refused(t => t.Origin.Trim() == "A").Should().Contain("t.Origin.Trim()");
        Refused(t => t.At.Hour < 6).Should().Contain("t.At.Hour");
        Refused(t => (t.A ?? 0) > 1).Should().Contain("Coalesce");
        Refused(t => (t.X > 1 ? t.A : t.B) > 1).Should().Contain("Conditional");
        Refused(t => (int)t.X > 1).Should().Contain("Convert");
        Refused(t => (t.A & 1) == 0).Should().Contain("And");
        Refused(t => Math.Sqrt(t.X) > 1).Should().Contain("Sqrt");
        Refused(t => t.Extra != null).Should().Contain("Extra");
        Refused(t => t.X == nan).Should().Contain("NaN");
        Refused(t => t.X > 1m.CompareTo(1m) / (Captured - 10)).Should().Contain("could not be read");
    }

    private static string Refused(Expression<Func<Trip, bool>> condition)
    {
        var make = () => DataContract.For<Trip>(c => c.Require("r", condition));
        return make.Should().Throw<ArgumentException>().Which.Message;
    }

    private static bool Holds(Expression<Func<Trip, bool>> condition, long? a, long? b) => DataContract.For<Trip>(c => c.Require("r", condition)).Compile().IsValid(Trip.Good with { A = a, B = b });
}
