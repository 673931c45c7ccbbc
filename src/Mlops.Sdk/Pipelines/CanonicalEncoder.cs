using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Pipelines;

/// <summary>
/// Writes a value so that equal values give equal bytes in every process, culture and time zone, and values that can be told apart give different bytes. Format version 1; see docs/pipelines.md for the table.
/// Which members a class has comes from its JSON contract, so that what is keyed is what is stored. Thread-safe.
/// </summary>
internal sealed class CanonicalEncoder(JsonSerializerOptions json)
{
    public const byte FormatVersion = 1;
    private const int MaxDepth = 64;
    private readonly ConcurrentDictionary<Type, Action<State, object>> shapes = new();

    /// <summary>The canonical bytes, and the artifacts and model packages that the value refers to.</summary>
    /// <exception cref="NotCanonicalException">The value has no canonical encoding.</exception>
    public (byte[] Bytes, IReadOnlyList<ArtifactRef> Artifacts, IReadOnlyList<Digest> Packages) Encode(object? value, Type declared)
    {
        var state = new State();
        state.Writer.Byte(FormatVersion);
        Write(state, declared, value);
        return (state.Writer.Written.ToArray(), state.Artifacts, state.Packages);
    }

    private void Write(State state, Type declared, object? value)
    {
        if (value is null)
        {
            state.Writer.Tag(CanonicalTag.Null);
            return;
        }

        if (++state.Depth > MaxDepth)
        {
            throw new NotCanonicalException(declared, $"is nested more than {MaxDepth} levels deep, or refers to itself; keep large or linked structures in the artifact store and hand on the ArtifactRef");
        }

        shapes.GetOrAdd(declared, Shape)(state, value);
        state.Depth--;
    }

    private Action<State, object> Shape(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (CanonicalScalars.Find(type) is { } scalar)
        {
            return (state, value) =>
            {
                scalar(state.Writer, value);
                if (value is ArtifactRef artifact)
                {
                    state.Artifacts.Add(artifact);
                }
            };
        }

        if (CanonicalCollections.TryGet(type, out var tag, out var items))
        {
            return tag switch
            {
                CanonicalTag.List => (state, value) => List(state, type, items[0], (IEnumerable)value),
                CanonicalTag.Set => (state, value) => Set(state, items[0], (IEnumerable)value),
                _ => (state, value) => Dictionary(state, type, items[0], items[1], value),
            };
        }

        if (typeof(ITuple).IsAssignableFrom(type) && type.FullName!.StartsWith("System.", StringComparison.Ordinal))
        {
            var elements = TupleItems(type).ToArray();
            return (state, value) => Tuple(state, elements, (ITuple)value);
        }

        return ObjectShape(type);
    }

    private Action<State, object> ObjectShape(Type type)
    {
        JsonTypeInfo contract;
        try
        {
            contract = json.GetTypeInfo(type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new NotCanonicalException(type, $"has no JSON contract: make it plain data, or hand its JsonSerializerContext to PipelineOptions.AddTypeInfoResolver ({e.Message})");
        }

        if (contract.Kind == JsonTypeInfoKind.None && contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly)
        {
            return (state, value) =>
            {
                state.Writer.Tag(CanonicalTag.Json);
                state.Writer.Bytes(JsonSerializer.SerializeToUtf8Bytes(value, contract));
            };
        }

        if (contract.PolymorphismOptions is { } polymorphism)
        {
            var derived = polymorphism.DerivedTypes.ToDictionary(d => d.DerivedType, d => d.TypeDiscriminator);
            var members = Members(contract);
            return (state, value) => Derived(state, type, members, derived, value);
        }

        if (type != typeof(object) && !type.IsInterface && (contract.Kind != JsonTypeInfoKind.Object || IsOfTheFramework(type)))
        {
            throw new NotCanonicalException(type, "is not data: use records of numbers, texts, dates, enums, lists and dictionaries, put large content into the artifact store and hand on its ArtifactRef, or give the type a [JsonConverter]");
        }

        if (type.IsAbstract || type == typeof(object))
        {
            throw new NotCanonicalException(type, "does not say what it holds: declare a concrete type, a collection such as IReadOnlyList<T>, or its [JsonDerivedType]s");
        }

        var properties = Members(contract);
        if (properties.Length == 0)
        {
            throw new NotCanonicalException(type, "has no public property or field: add one, or use ValueTuple where nothing is to be said");
        }

        return (state, value) =>
        {
            if (value.GetType() != type)
            {
                throw new NotCanonicalException(value.GetType(), $"stands where {type.Name} is declared: declare that type, or add [JsonDerivedType] to {type.Name}");
            }

            Object(state, properties, value);
        };
    }

    private static (string Name, Type Type, Func<object, object?> Get)[] Members(JsonTypeInfo contract) =>
        [.. contract.Properties.Where(p => p.Get is not null).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => (p.Name, p.PropertyType, p.Get!))];

    private static bool IsOfTheFramework(Type type)
    {
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
        {
            if (t.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)) && !(t.IsGenericType && t.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Type> TupleItems(Type tuple)
    {
        var items = tuple.IsGenericType ? tuple.GetGenericArguments() : [];
        return items.Length < 8 ? items : items.Take(7).Concat(TupleItems(items[7]));
    }

    private void Object(State state, (string Name, Type Type, Func<object, object?> Get)[] members, object value)
    {
        if (value is ModelPackageRef package)
        {
            state.Packages.Add(package.Package);
        }

        state.Writer.Tag(CanonicalTag.Object);
        state.Writer.Int32(members.Length);
        foreach (var (name, type, get) in members)
        {
            state.Writer.Text(name);
            try
            {
                Write(state, type, get(value));
            }
            catch (NotCanonicalException e)
            {
                throw e.Within("." + name);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new NotCanonicalException(type, $"cannot be read ({e.Message}); give it a value, or mark it [JsonIgnore] if it is not data").Within("." + name);
            }
        }
    }

    private void Derived(State state, Type declared, (string Name, Type Type, Func<object, object?> Get)[] own, Dictionary<Type, object?> derived, object value)
    {
        var actual = value.GetType();
        if (derived.TryGetValue(actual, out var discriminator))
        {
            state.Writer.Tag(CanonicalTag.Derived);
            Write(state, discriminator?.GetType() ?? typeof(string), discriminator);
            Object(state, actual == declared ? own : Members(json.GetTypeInfo(actual)), value);
        }
        else if (actual == declared)
        {
            Object(state, own, value);
        }
        else
        {
            throw new NotCanonicalException(actual, $"is not among the [JsonDerivedType]s of {declared.Name}: add it");
        }
    }

    private void List(State state, Type type, Type item, IEnumerable values)
    {
        if (type.IsValueType && IsDefault((ICollection)values))
        {
            state.Writer.Tag(CanonicalTag.Null);
            return;
        }

        var items = values.Cast<object?>().ToList();
        state.Writer.Tag(CanonicalTag.List);
        state.Writer.Int32(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            Item(state, item, items[i], i);
        }
    }

    private void Item(State state, Type type, object? value, object place)
    {
        try
        {
            Write(state, type, value);
        }
        catch (NotCanonicalException e)
        {
            throw e.Within($"[{place}]");
        }
    }

    /// <summary>An ImmutableArray that was never made is neither null nor empty to C#; here it is null.</summary>
    private static bool IsDefault(ICollection array)
    {
        try
        {
            return array.Count < 0;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private void Set(State state, Type item, IEnumerable values) =>
        Sorted(state, CanonicalTag.Set, values.Cast<object?>().Select(value => Apart(state, s => Item(s, item, value, "…"))));

    private void Dictionary(State state, Type type, Type key, Type item, object value)
    {
        if (value is not IDictionary entries)
        {
            throw new NotCanonicalException(type, $"holds a {NotCanonicalException.NameOf(value.GetType())}, whose entries cannot be read in order: use Dictionary<TKey, TValue>");
        }

        var encoded = new List<byte[]>(entries.Count);
        foreach (DictionaryEntry entry in entries)
        {
            encoded.Add(Apart(state, s =>
            {
                Write(s, key, entry.Key);
                Item(s, item, entry.Value, entry.Key);
            }));
        }

        Sorted(state, CanonicalTag.Dictionary, encoded);
    }

    private void Tuple(State state, Type[] elements, ITuple tuple)
    {
        state.Writer.Tag(CanonicalTag.Tuple);
        state.Writer.Int32(elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            Item(state, elements[i], tuple[i], i + 1);
        }
    }

    private static byte[] Apart(State outer, Action<State> write)
    {
        var inner = new State { Depth = outer.Depth, Artifacts = outer.Artifacts, Packages = outer.Packages };
        write(inner);
        return inner.Writer.Written.ToArray();
    }

    private static void Sorted(State state, CanonicalTag tag, IEnumerable<byte[]> encoded)
    {
        var items = encoded.ToList();
        items.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        state.Writer.Tag(tag);
        state.Writer.Int32(items.Count);
        items.ForEach(item => state.Writer.Raw(item));
    }

    private sealed class State
    {
        public CanonicalWriter Writer { get; } = new();

        public List<ArtifactRef> Artifacts { get; init; } = [];

        public List<Digest> Packages { get; init; } = [];

        public int Depth { get; set; }
    }
}
