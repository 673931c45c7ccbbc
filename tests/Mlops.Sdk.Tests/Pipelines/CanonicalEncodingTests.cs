using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CsCheck;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class CanonicalEncodingTests
{
    private const string Child = "MLOPS_CANONICAL_CHILD";

    [Fact]
    public void Values_of_every_shape_differ_from_one_another_and_equal_ones_are_equal()
    {
        var encoded = CanonicalCase.All().Select(c => (c.Name, Hex: c.Encode())).ToList();

        encoded.Select(c => c.Hex).Should().OnlyHaveUniqueItems();
        CanonicalCase.All().Select(c => (c.Name, c.Encode())).Should().Equal(encoded);
    }

    [Fact]
    public void Golden_vectors_never_change()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "pipeline-keys.v1.json")));
        var expected = golden.RootElement.GetProperty("encodings").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString());
        var keys = golden.RootElement.GetProperty("keys").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString());

        CanonicalCase.All().ToDictionary(c => c.Name, c => (string?)c.Encode()).Should().BeEquivalentTo(expected);
        Keys().ToDictionary(k => k.Name, k => (string?)k.Key).Should().BeEquivalentTo(keys);
        keys.Values.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("tr_TR.UTF-8", "Asia/Tokyo", "tr-TR 09:00:00")]
    [InlineData("ar_SA.UTF-8", "America/New_York", "ar-SA -05:00:00")]
    public async Task Keys_are_equal_in_another_process_culture_and_time_zone(string locale, string zone, string expected)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[Child] = "1";
        start.Environment["LC_ALL"] = start.Environment["LANG"] = locale;
        start.Environment["TZ"] = zone;
        using var child = Process.Start(start)!;
        var lines = (await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd().Split('\n');
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        lines[0].Should().Be(expected, "the other process must really be elsewhere");
        lines.Skip(1).Should().Equal(CanonicalCase.Report().Split('\n').Skip(1));
    }

    [Fact]
    public void Every_value_is_read_back_as_the_same_value()
    {
        var encode = typeof(CanonicalEncodingTests).GetMethod(nameof(RoundTrip), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var one in CanonicalCase.All())
        {
            encode.MakeGenericMethod(one.Type).Invoke(null, [one]);
        }
    }

    [Fact]
    public void Random_values_have_equal_encodings_exactly_when_they_are_equal()
    {
        var text = Gen.Char["ab,:0"].Array[0, 3].Select(c => new string(c)).Null();
        var number = Gen.OneOf(Gen.Const(0.0), Gen.Const(-0.0), Gen.Const(double.NaN), Gen.Const(1.0));
        var leaf = Gen.Select(text, number.Array[0, 2].Null(), Gen.Select(Gen.Int[0, 1], text).Nullable(), Gen.Dictionary(Gen.Char["ab"].Select(c => c.ToString()), Gen.Int[0, 1])[0, 2].Null(), (a, b, c, d) => new Node(a, b, c, d, null));
        var node = Gen.Select(leaf, leaf.Null(), (outer, inner) => outer with { Next = inner });
        var codec = CanonicalCase.Codec();

        // The second takes one member from elsewhere, so that many pairs differ in nothing else, or in nothing.
        var pair = Gen.Select(node, node, Gen.Int[0, 4]).Select((a, x, i) => (a, i switch
        {
            0 => a with { A = x.A },
            1 => a with { B = x.B },
            2 => a with { C = x.C },
            3 => a with { D = x.D },
            _ => a with { Next = x.Next },
        }));
        pair.Sample(
            (a, b) => (Hex(codec, a) == Hex(codec, b)) == (Describe(a) == Describe(b)) && Hex(codec, a) == Hex(codec, codec.Decode<Node>(codec.TryEncode(a, out _)!.Json)),
            iter: 20_000 * Scale);
    }

    [Fact]
    public void Order_of_a_dictionary_or_set_and_the_form_of_a_list_or_nan_do_not_matter()
    {
        var codec = CanonicalCase.Codec();

        Hex(codec, new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }).Should().Be(Hex<IReadOnlyDictionary<string, int>>(codec, new SortedDictionary<string, int> { ["b"] = 2, ["a"] = 1 }.ToDictionary()));
        Hex(codec, new HashSet<int> { 1, 2 }).Should().Be(Hex(codec, new HashSet<int> { 2, 1 }));
        Hex<int[]>(codec, [1, 2]).Should().Be(Hex<IReadOnlyList<int>>(codec, new List<int> { 1, 2 }));
        Hex(codec, double.NaN).Should().Be(Hex(codec, BitConverter.Int64BitsToDouble(-1)));
        Hex(codec, "\ud800").Should().NotBe(Hex(codec, "\ufffd"));
    }

    [Fact]
    public void What_is_not_data_is_refused_with_its_type_its_path_and_a_remedy()
    {
        Refused<Func<int>>(() => 1).Should().Contain("Func<Int32>").And.Contain("is not data");
        Refused<object>(1).Should().Contain("it of type Object").And.Contain("concrete type");
        Refused<Holder<Stream>>(new([Stream.Null])).Should().Contain("Items[0] of type Stream").And.Contain("artifact store");
        Refused<Holder<object>>(new([1])).Should().Contain("Items[0] of type Object");
        Refused<IEnumerable<int>>(new List<int> { 1 }).Should().Contain("IReadOnlyList<T>");
        Refused<Holder<Base>>(new([new Derived()])).Should().Contain("Items[0] of type Derived").And.Contain("[JsonDerivedType]");
        Refused<Hidden>(new(1)).Should().Contain("no public property");
        Refused<Lossy>(Lossy.Of(5)).Should().Contain("another value").And.Contain("setter");
        Refused<MyStream>(new()).Should().Contain("is not data");
        Refused<Throws>(new()).Should().Contain("Digest of type Digest").And.Contain("cannot be read");
        var cycle = new Cycle();
        cycle.Self = cycle;
        Refused(cycle).Should().Contain("refers to itself");
    }

    internal static IEnumerable<(string Name, string Key)> Keys()
    {
        var code = "sha256:" + new string('a', 64);
        var key = new StepKey("fit", "1", code, 1, Digest.Of([1]), []);
        (string, StepKey)[] all =
        [
            ("plain", key), ("name", key with { Name = "fits" }), ("version", key with { Version = "2" }), ("code", key with { Code = "declared" }), ("seed", key with { Seed = 2 }), ("input", key with { Input = Digest.Of([2]) }),
            ("environment", key with { Environment = [new("Microsoft.ML", "5.0.1")] }), ("environment-other", key with { Environment = [new("Microsoft.ML", "5.0.2")] }), ("moved", key with { Name = "fit1", Version = "" }),
        ];
        return all.Select(k => (k.Item1, k.Item2.Compute().Hex)).Append(("seed-of-fit", Derive.Seed(1, "fit").ToString(CultureInfo.InvariantCulture)));
    }

    [ModuleInitializer]
    internal static void Divert()
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
        {
            Console.Out.WriteLine(CanonicalCase.Report());
            Environment.Exit(0);
        }
    }

    private static int Scale => int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    private static void RoundTrip<T>(CanonicalCase one)
    {
        var codec = CanonicalCase.Codec();
        var encoded = codec.TryEncode((T)one.Value!, out var problem);

        problem.Should().BeNull(one.Name);
        codec.TryDecode<T>(encoded!.Json, out _)!.Digest.Should().Be(encoded.Digest);
    }

    private static string Hex<T>(ValueCodec codec, T value) => Convert.ToHexString(codec.Encoder.Encode(value, typeof(T)).Bytes);

    private static string Refused<T>(T value)
    {
        CanonicalCase.Codec().TryEncode(value, out var problem).Should().BeNull();
        return problem!;
    }

    private static string Describe(Node? n) => n is null ? "-" : string.Join('|',
        n.A is null ? "-" : $"'{n.A}'",
        n.B is null ? "-" : $"[{string.Join(' ', n.B.Select(d => double.IsNaN(d) ? "nan" : BitConverter.DoubleToInt64Bits(d).ToString(CultureInfo.InvariantCulture)))}]",
        n.C is null ? "-" : $"({n.C.Value.Item1} {(n.C.Value.Item2 is null ? "-" : $"'{n.C.Value.Item2}'")})",
        n.D is null ? "-" : $"{{{string.Join(' ', n.D.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}"))}}}",
        Describe(n.Next));

    public sealed record Node(string? A, double[]? B, (int, string?)? C, Dictionary<string, int>? D, Node? Next);

    public sealed record Holder<T>(List<T> Items);

    public record Base
    {
        public int A { get; init; }
    }

    public sealed record Derived : Base;

    public sealed class Hidden(int state)
    {
        public override string ToString() => state.ToString(CultureInfo.InvariantCulture);
    }

    public sealed class Lossy
    {
        public int A { get; private set; }

        public static Lossy Of(int a) => new() { A = a };
    }

    public sealed class MyStream : MemoryStream;

    public sealed class Throws
    {
        public Digest Digest { get; set; }
    }

    public sealed class Cycle
    {
        public Cycle? Self { get; set; }
    }
}
