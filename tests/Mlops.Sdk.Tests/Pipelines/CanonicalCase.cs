using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

/// <summary>Values of every shape that has a canonical encoding, each unlike every other. Every call makes them anew.</summary>
internal sealed record CanonicalCase(string Name, Type Type, object? Value)
{
    private static readonly Digest SomeDigest = Digest.Of([1]);

    public string Encode() => Convert.ToHexStringLower(Codec().Encoder.Encode(Value, Type).Bytes);

    public static ValueCodec Codec() => new(Options.Create(new PipelineOptions()));

    public static IReadOnlyList<CanonicalCase> All() =>
    [
        Of<bool>("false", false), Of<bool>("true", true),
        Of<sbyte>("sbyte", -1), Of<byte>("byte", 255), Of<short>("short", -1), Of<ushort>("ushort", ushort.MaxValue), Of<int>("int", -1), Of<int>("int-max", int.MaxValue), Of<uint>("uint", uint.MaxValue),
        Of<long>("long", -1), Of<ulong>("ulong", ulong.MaxValue), Of<Int128>("int128", -1), Of<UInt128>("uint128", UInt128.MaxValue), Of<BigInteger>("big-integer", BigInteger.Pow(10, 40)),
        Of<Half>("half", (Half)1.5), Of<float>("float", 1.5f), Of<float>("float-minus-0", -0f), Of<double>("double", 1.5), Of<double>("double-0", 0d), Of<double>("double-minus-0", -0d),
        Of<double>("double-nan", double.NaN), Of<double>("double-infinity", double.PositiveInfinity), Of<double>("double-minus-infinity", double.NegativeInfinity), Of<double>("double-epsilon", double.Epsilon),
        Of<double>("double-tenth", 0.1 + 0.2), Of<decimal>("decimal-1.0", 1.0m), Of<decimal>("decimal-1.00", 1.00m), Of<decimal>("decimal-minus", -1.0m), Of<char>("char", 'a'),
        Of<string?>("null", null), Of<string?>("text-empty", ""), Of<string>("text", "a"), Of<string>("text-upper", "I"), Of<string>("text-turkish", "ı"), Of<string>("text-emoji", "😀"), Of<string>("text-null-word", "null"), Of<string>("text-1", "1"),
        Of<DateTime>("date-utc", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)), Of<DateTime>("date-unspecified", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Unspecified)),
        Of<DateTime>("date-local", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).ToLocalTime()),
        Of<DateTimeOffset>("offset-0", new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero)), Of<DateTimeOffset>("offset-2", new DateTimeOffset(2001, 2, 3, 6, 5, 6, TimeSpan.FromHours(2))),
        Of<DateOnly>("date-only", new DateOnly(2001, 2, 3)), Of<TimeOnly>("time-only", new TimeOnly(4, 5, 6)), Of<TimeSpan>("time-span", TimeSpan.FromTicks(1)), Of<Guid>("guid", new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        Of<Uri>("uri", new Uri("https://example.com/a")), Of<Uri>("uri-relative", new Uri("a/b", UriKind.Relative)), Of<Version>("version-2", new Version(1, 2)), Of<Version>("version-3", new Version(1, 2, 0)),
        Of<byte[]>("bytes", [1, 2]), Of<byte[]>("bytes-empty", []), Of<ReadOnlyMemory<byte>>("memory", new byte[] { 1, 2, 3 }), Of<Digest>("digest", SomeDigest), Of<ArtifactRef>("artifact", new ArtifactRef(Digest.Of([2]), 1)),
        Of<Color>("enum", Color.Red), Of<Color>("enum-other", Color.Blue), Of<Small>("enum-byte", Small.One), Of<int?>("nullable", 7),
        Of<int[]>("list-empty", []), Of<int[]>("list-1", [1]), Of<List<int>>("list-2", [1, 2]), Of<IReadOnlyList<int>>("list-reversed", [2, 1]), Of<ImmutableArray<int>>("immutable", [1, 2, 3]), Of<List<string?>>("list-of-null", [null]),
        Of<List<string?>>("list-of-empty", [""]), Of<List<string>>("list-split", ["a", "bc"]), Of<List<string>>("list-split-other", ["ab", "c"]), Of<List<List<int>>>("list-nested", [[1], [2]]), Of<List<List<int>>>("list-nested-other", [[1, 2], []]),
        Of<HashSet<int>>("set", [3, 1, 2]), Of<HashSet<int>>("set-empty", []), Of<SortedSet<string>>("set-sorted", ["b", "a"]),
        Of<Dictionary<string, int>>("dictionary", new() { ["b"] = 2, ["a"] = 1 }), Of<Dictionary<string, int>>("dictionary-swapped", new() { ["b"] = 1, ["a"] = 2 }), Of<Dictionary<string, int>>("dictionary-empty", []),
        Of<Dictionary<string, int?>>("dictionary-null", new() { ["a"] = null }), Of<Dictionary<int, string>>("dictionary-int", new() { [2] = "b", [1] = "a" }), Of<IReadOnlyDictionary<string, int>>("dictionary-read-only", new Dictionary<string, int> { ["z"] = 1 }),
        Of<ValueTuple>("tuple-0", default), Of<(int, string)>("tuple-2", (1, "a")), Of<(int, int)>("tuple-2-ints", (1, 2)), Of<(int, int)>("tuple-2-swapped", (2, 1)), Of<(int, (int, int))>("tuple-nested", (1, (2, 3))), Of<(int, int, int)>("tuple-3", (1, 2, 3)),
        Of<(int, int, int, int, int, int, int, int, int)>("tuple-9", (1, 2, 3, 4, 5, 6, 7, 8, 9)), Of<(int, int, int, int, int, int, int, int, int)>("tuple-9-other", (1, 2, 3, 4, 5, 6, 7, 9, 8)), Of<Tuple<int, string>>("tuple-class", Tuple.Create(1, "b")),
        Of<KeyValuePair<string, int>>("pair", KeyValuePair.Create("a", 1)),
        Of<Person>("record", new Person("Ada", 36)), Of<Person>("record-null", new Person(null, 36)), Of<Person>("record-empty", new Person("", 36)), Of<Plain>("class", new Plain { Age = 37 }), Of<Plain>("class-absent", new Plain()),
        Of<Nested>("nested", new Nested(new Person("Ada", 36), [("a", 1)], new() { ["x"] = [double.NaN] })), Of<Nested>("nested-null", new Nested(null, null, null)), Of<Nested>("nested-empty", new Nested(null, [], [])),
        Of<Shape>("derived-circle", new Circle(2)), Of<Shape>("derived-square", new Square(2)), Of<Own>("own-converter", new Own("secret state")),
    ];

    private static CanonicalCase Of<T>(string name, T value) => new(name, typeof(T), value);

    public enum Color
    {
        Red,
        Blue,
    }

    public enum Small : byte
    {
        One = 1,
    }

    public sealed record Person(string? Name, int Age);

    public sealed class Plain
    {
        public int Age { get; set; }

        public string? Name { get; set; }
    }

    public sealed record Nested(Person? Who, List<(string, int)>? Pairs, Dictionary<string, double[]>? Series);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    public abstract record Shape(double Size);

    public sealed record Circle(double Size) : Shape(Size);

    public sealed record Square(double Size) : Shape(Size);

    [JsonConverter(typeof(OwnConverter))]
    public sealed class Own(string state)
    {
        internal string State { get; } = state;
    }

    public sealed class OwnConverter : JsonConverter<Own>
    {
        public override Own Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Own value, JsonSerializerOptions options) => writer.WriteStringValue(value.State);
    }

    /// <summary>What another process says about all of them.</summary>
    public static string Report() => string.Join('\n', All().Select(c => $"{c.Name} {c.Encode()}").Concat(CanonicalEncodingTests.Keys().Select(k => $"key:{k.Name} {k.Key}")).Prepend($"{CultureInfo.CurrentCulture.Name} {TimeZoneInfo.Local.BaseUtcOffset}"));
}
