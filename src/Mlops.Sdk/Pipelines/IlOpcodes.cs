using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Mlops.Sdk.Pipelines;

/// <summary>The kind of operand of every IL instruction.</summary>
internal static class IlOpcodes
{
    /// <summary>By value; two-byte instructions have 0xFE in the high byte.</summary>
    public static FrozenDictionary<ushort, OperandType> Operands { get; } = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => unchecked((ushort)code.Value), code => code.OperandType);

    /// <summary>The operand's size in bytes where it is plain data; a switch says its own.</summary>
    public static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
