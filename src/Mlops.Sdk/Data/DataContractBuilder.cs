using System.Linq.Expressions;

namespace Mlops.Sdk.Data;

/// <summary>Adds cross-column rules to the contract of <typeparamref name="T"/>.</summary>
public sealed class DataContractBuilder<T>
{
    private readonly RuleExpressionReader reader;
    private readonly List<RowRule> rules = [];
    private readonly Dictionary<string, ContractColumn> columns;

    internal DataContractBuilder(RuleExpressionReader reader, IEnumerable<ContractColumn> columns)
    {
        this.reader = reader;
        this.columns = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    internal IEnumerable<ContractColumn> Columns => columns.Values;

    internal IReadOnlyList<RowRule> Rules => rules;

    /// <summary>Changes the rules of a column, for a record that cannot carry the attributes.</summary>
    /// <param name="name">The column.</param>
    /// <param name="change">Returns the column with other rules; its name and type stay.</param>
    /// <exception cref="ArgumentException">The record has no such column, or its name or type was changed.</exception>
    public DataContractBuilder<T> Column(string name, Func<ContractColumn, ContractColumn> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!columns.TryGetValue(name, out var column))
        {
            throw new ArgumentException($"{typeof(T).Name} has no column '{name}'. It has {string.Join(", ", columns.Keys)}.", nameof(name));
        }

        var changed = change(column);
        columns[name] = changed.Name == column.Name && changed.Type == column.Type ? changed : throw new ArgumentException($"The name and type of the column '{name}' come from {typeof(T).Name}; change them there.", nameof(change));
        return this;
    }

    /// <summary>Asks that <paramref name="condition"/> is true of every row. Rows where a column that it reads is null or not finite are skipped.</summary>
    /// <param name="name">The stable reason of a row that breaks the rule.</param>
    /// <param name="condition">
    /// Columns, constants and captured values; <c>! &amp;&amp; ||</c>; comparisons; <c>== null</c>, <c>HasValue</c>; <c>+ - * / %</c>; <c>Math.Abs Min Max Floor Ceiling Truncate Round</c>; <c>string.Length</c> (in code points).
    /// Integers are computed in 64 bits; what cannot be computed (overflow, division by zero) is not true.
    /// </param>
    /// <exception cref="ArgumentException">The condition uses something else; the message names the node.</exception>
    public DataContractBuilder<T> Require(string name, Expression<Func<T, bool>> condition)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(condition);
        rules.Add(new(name, reader.Read(name, condition)));
        return this;
    }
}
