using System.Text.RegularExpressions;
using CsCheck;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Data;

public sealed class ContractPatternTests
{
    private static readonly string[] Atoms = ["a", "b", "[ab]", "[^a]", ".", "[0-9]", "1", "-"];

    [Theory]
    [InlineData("[A-Z]{3}", "(?:[\\x{41}-\\x{5A}]){3}")]
    [InlineData("a|b*", "(?:[\\x{61}-\\x{61}]|(?:[\\x{62}-\\x{62}])*)")]
    [InlineData(".", "[\\x{0}-\\x{9}\\x{B}-\\x{10FFFF}]")]
    [InlineData("\\d+", "(?:[\\x{30}-\\x{39}])+")]
    [InlineData("[^\\w]", "[\\x{0}-\\x{2F}\\x{3A}-\\x{40}\\x{5B}-\\x{5E}\\x{60}-\\x{60}\\x{7B}-\\x{10FFFF}]")]
    [InlineData("👍{2,}", "(?:[\\x{1F44D}-\\x{1F44D}]){2,}")]
    [InlineData("(?:'\\s)?", "(?:[\\x{27}-\\x{27}][\\x{9}-\\x{A}\\x{C}-\\x{D}\\x{20}-\\x{20}])?")]
    [InlineData("", "")]
    public void A_pattern_is_spelled_out_for_RE2(string pattern, string re2) => ContractPattern.Parse(pattern).Re2.Should().Be(re2);

    [Theory]
    [InlineData("[A-Z]{3}", "ORD", true)]
    [InlineData("[A-Z]{3}", "ORD\n", false)]
    [InlineData("[A-Z]{3}", "xORD", false)]
    [InlineData("\\d+", "٣", false)]
    [InlineData(".", "👍", true)]
    [InlineData("..", "👍", false)]
    [InlineData(".", "\n", false)]
    [InlineData("[^a]", "\n", true)]
    [InlineData("(a|ab)(c|bcd)", "abcd", true)]
    [InlineData("(?:a*b?)*c", "aabac", true)]
    [InlineData("", "", true)]
    [InlineData("a?", "", true)]
    [InlineData("[]", "", null)]
    [InlineData("\\x", "x", null)]
    public void The_whole_text_is_matched_by_code_points(string pattern, string text, bool? matches)
    {
        var match = () => ContractPattern.Parse(pattern).IsMatch(text);

        if (matches is { } expected)
        {
            match().Should().Be(expected);
        }
        else
        {
            match.Should().Throw<ArgumentException>();
        }
    }

    [Theory]
    [InlineData("^a")]
    [InlineData("a$")]
    [InlineData("\\bword")]
    [InlineData("(?i)a")]
    [InlineData("(?=a)")]
    [InlineData("(?<name>a)")]
    [InlineData("(a)\\1")]
    [InlineData("\\p{L}")]
    [InlineData("\\u0041")]
    [InlineData("a*?")]
    [InlineData("a++")]
    [InlineData("a{2}{3}")]
    [InlineData("a{,3}")]
    [InlineData("a{3,2}")]
    [InlineData("a{2000}")]
    [InlineData("((a{50}){50}){50}")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[a-z&&b]")]
    [InlineData("[a-z-9]")]
    [InlineData("[z-a]")]
    [InlineData("[\\d-z]")]
    [InlineData("[\\d\\D]x[^\\d\\D]")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("*a")]
    [InlineData("a\\")]
    public void What_engines_disagree_on_is_refused_by_name(string pattern)
    {
        var parse = () => ContractPattern.Parse(pattern);

        parse.Should().Throw<ArgumentException>().Which.Message.Should().StartWith($"The pattern '{pattern}'");
    }

    [Fact]
    public void An_exponential_number_of_states_is_refused()
    {
        var parse = () => ContractPattern.Parse("(a|b)*a(a|b){20}");

        parse.Should().Throw<ArgumentException>().WithMessage("*states*");
    }

    [Fact]
    public void A_pattern_that_makes_backtracking_explode_takes_one_step_a_character() => ContractPattern.Parse("(a*)*b").IsMatch(new string('a', 100_000)).Should().BeFalse();

    [Fact]
    public void Random_patterns_over_ASCII_match_as_dotnet_matches_them()
    {
        Gen.Select(Pattern(4), Gen.String[Gen.Char["ab1-\n"], 0, 6].Array[8]).Sample((p, texts) =>
        {
            var ours = ContractPattern.Parse(p);
            var theirs = new Regex($"\\A(?:{p})\\z", RegexOptions.NonBacktracking);
            return texts.All(t => ours.IsMatch(t) == theirs.IsMatch(t));
        });
    }
    private static Gen<string> Pattern(int depth)
    {
        var atom = Gen.Int[0, Atoms.Length - 1].Select(i => Atoms[i]);
        if (depth == 0)
        {
            return atom;
        }

        var next = Pattern(depth - 1);
        return Gen.OneOf(atom, Gen.Select(next, next, (a, b) => a + b), Gen.Select(next, next, (a, b) => $"(?:{a}|{b})"), next.Select(p => $"(?:{p})*"), next.Select(p => $"(?:{p})?"), next.Select(p => $"(?:{p}){{1,2}}"));
    }
}
