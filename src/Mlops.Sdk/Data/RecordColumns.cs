using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Mlops.Sdk.Data;

/// <summary>The columns that a record's public properties describe.</summary>
internal sealed class RecordColumns
{
    private RecordColumns(IReadOnlyList<ContractColumn> columns, IReadOnlyDictionary<string, PropertyInfo> properties)
    {
        Columns = columns;
        Properties = properties;
        Names = properties.ToDictionary(p => p.Value.Name, p => p.Key, StringComparer.Ordinal);
    }

    public IReadOnlyList<ContractColumn> Columns { get; }

    /// <summary>The property of each column.</summary>
    public IReadOnlyDictionary<string, PropertyInfo> Properties { get; }

    /// <summary>The column of each property.</summary>
    public IReadOnlyDictionary<string, string> Names { get; }

    public static RecordColumns Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type)
    {
        // A trimmed application would see every reference as nullable: another contract, with another digest. Rather none.
        if (AppContext.TryGetSwitch("System.Reflection.NullabilityInfoContext.IsSupported", out var supported) && !supported)
        {
            throw new NotSupportedException($"The contract of {type.Name} needs nullability metadata. Set <NullabilityInfoContextSupport>true</NullabilityInfoContextSupport> in the project of the application.");
        }

        var nullability = new NullabilityInfoContext();
        var columns = new List<ContractColumn>();
        var properties = new Dictionary<string, PropertyInfo>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0 || property.IsDefined(typeof(NotInContractAttribute)))
            {
                continue;
            }

            var column = ColumnOf(property, nullability);
            if (!properties.TryAdd(column.Name, property))
            {
                throw new ArgumentException($"The properties {properties[column.Name].Name} and {property.Name} of {type.Name} both name the column '{column.Name}'.");
            }

            columns.Add(column);
        }

        return new(columns, properties);
    }

    private static ContractColumn ColumnOf(PropertyInfo property, NullabilityInfoContext nullability)
    {
        var underlying = Nullable.GetUnderlyingType(property.PropertyType);
        var type = TypeOf(underlying ?? property.PropertyType) ?? throw new ArgumentException(
            $"The property {property.DeclaringType?.Name}.{property.Name} has the type {property.PropertyType.Name}, which no column has. Known are bool, short, int, long, float, double, string, DateTime, DateTimeOffset and DateOnly; leave it out with [NotInContract].");
        var name = property.GetCustomAttribute<ColumnAttribute>()?.Name ?? property.Name;
        var range = property.GetCustomAttribute<RangeAttribute>();
        var length = property.GetCustomAttribute<LengthAttribute>();
        try
        {
            return new()
            {
                Name = name,
                Type = type,
                Required = property.IsDefined(typeof(RequiredAttribute)) || (underlying is null && (property.PropertyType.IsValueType || nullability.Create(property).ReadState == NullabilityState.NotNull)),
                NonFinite = property.GetCustomAttribute<NonFiniteAttribute>()?.Policy ?? NonFinitePolicy.Reject,
                Minimum = range?.Minimum is { } minimum ? ContractLiteral.Format(type, minimum) : null,
                Maximum = range?.Maximum is { } maximum ? ContractLiteral.Format(type, maximum) : null,
                OneOf = property.GetCustomAttribute<OneOfAttribute>()?.Values.Select(v => ContractLiteral.Format(type, v)).ToArray(),
                MinLength = length?.Minimum,
                MaxLength = length?.Maximum,
                Pattern = property.GetCustomAttribute<PatternAttribute>()?.Pattern,
            };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The property {property.DeclaringType?.Name}.{property.Name}: {e.Message}", e);
        }
    }

    private static ColumnType? TypeOf(Type type) =>
        type == typeof(bool) ? ColumnType.Boolean
        : type == typeof(short) ? ColumnType.Whole16
        : type == typeof(int) ? ColumnType.Whole32
        : type == typeof(long) ? ColumnType.Whole64
        : type == typeof(float) || type == typeof(double) ? ColumnType.Number
        : type == typeof(string) ? ColumnType.Text
        : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? ColumnType.Timestamp
        : type == typeof(DateOnly) ? ColumnType.Date
        : null;
}
