using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Mlops.Sdk.Pipelines;

/// <summary>The collections that have a canonical encoding. Others, such as a class of one's own that derives from a list, may hold more than their items.</summary>
internal static class CanonicalCollections
{
    private static readonly FrozenDictionary<Type, CanonicalTag> Known = new Dictionary<Type, CanonicalTag>
    {
        [typeof(List<>)] = CanonicalTag.List,
        [typeof(IList<>)] = CanonicalTag.List,
        [typeof(ICollection<>)] = CanonicalTag.List,
        [typeof(IReadOnlyList<>)] = CanonicalTag.List,
        [typeof(IReadOnlyCollection<>)] = CanonicalTag.List,
        [typeof(ReadOnlyCollection<>)] = CanonicalTag.List,
        [typeof(Collection<>)] = CanonicalTag.List,
        [typeof(ImmutableArray<>)] = CanonicalTag.List,
        [typeof(ImmutableList<>)] = CanonicalTag.List,
        [typeof(IImmutableList<>)] = CanonicalTag.List,
        [typeof(LinkedList<>)] = CanonicalTag.List,
        [typeof(Queue<>)] = CanonicalTag.List,
        [typeof(HashSet<>)] = CanonicalTag.Set,
        [typeof(SortedSet<>)] = CanonicalTag.Set,
        [typeof(ISet<>)] = CanonicalTag.Set,
        [typeof(IReadOnlySet<>)] = CanonicalTag.Set,
        [typeof(ImmutableHashSet<>)] = CanonicalTag.Set,
        [typeof(ImmutableSortedSet<>)] = CanonicalTag.Set,
        [typeof(IImmutableSet<>)] = CanonicalTag.Set,
        [typeof(FrozenSet<>)] = CanonicalTag.Set,
        [typeof(Dictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(IDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(IReadOnlyDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(ReadOnlyDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(SortedDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(SortedList<,>)] = CanonicalTag.Dictionary,
        [typeof(ConcurrentDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(ImmutableDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(ImmutableSortedDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(IImmutableDictionary<,>)] = CanonicalTag.Dictionary,
        [typeof(FrozenDictionary<,>)] = CanonicalTag.Dictionary,
    }.ToFrozenDictionary();

    /// <summary>Whether the type is one of them, how it is written, and what is in it.</summary>
    public static bool TryGet(Type type, out CanonicalTag tag, out Type[] items)
    {
        if (type.IsSZArray)
        {
            tag = CanonicalTag.List;
            items = [type.GetElementType()!];
            return true;
        }

        tag = default;
        items = type.IsGenericType ? type.GetGenericArguments() : [];
        return type.IsGenericType && Known.TryGetValue(type.GetGenericTypeDefinition(), out tag);
    }
}
