using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Mlops.Sdk.Data;

/// <summary>A contract that was made from the record <typeparamref name="T"/>, so that it can also check records in memory.</summary>
public sealed class DataContract<T> : DataContract
{
    private readonly IReadOnlyDictionary<string, PropertyInfo> properties;

    internal DataContract(string name, IEnumerable<ContractColumn> columns, IEnumerable<RowRule> rules, IReadOnlyDictionary<string, PropertyInfo> properties)
        : base(name, columns, rules) => this.properties = properties;

    /// <summary>Compiles the rules to a delegate. Costs milliseconds: keep the result, which is thread-safe.</summary>
    public RowValidator<T> Compile() => RowCompiler.Compile<T>(this, properties);
}

/// <summary>Makes contracts from records.</summary>
public static class DataContractFactory
{
    extension(DataContract)
    {
        /// <summary>The contract that the public properties of <typeparamref name="T"/> and their attributes describe.</summary>
        /// <param name="configure">Adds cross-column rules.</param>
        /// <exception cref="ArgumentException">A property or a rule is outside the language; the message names it.</exception>
        /// <exception cref="NotSupportedException">The application is trimmed without nullability metadata.</exception>
        public static DataContract<T> For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(Action<DataContractBuilder<T>>? configure = null)
        {
            var record = RecordColumns.Of(typeof(T));
            var builder = new DataContractBuilder<T>(new RuleExpressionReader(record.Names), record.Columns);
            configure?.Invoke(builder);
            return new(typeof(T).GetCustomAttribute<ContractAttribute>()?.Name ?? typeof(T).Name, builder.Columns, builder.Rules, record.Properties);
        }
    }
}
