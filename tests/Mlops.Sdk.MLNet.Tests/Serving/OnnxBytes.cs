using System.Text;

namespace Mlops.Sdk.MLNet.Tests.Serving;

/// <summary>Writes the ONNX model <c>y = x + k</c> over one row of one number, field by field of onnx.proto.</summary>
internal static class OnnxBytes
{
    private const int FloatTensor = 1;

    public static byte[] Add(float k) => Message(
        Number(1, 8), // ir_version
        Bytes(7, Message( // graph
            Bytes(1, Message(Text(1, "x"), Text(1, "k"), Text(2, "y"), Text(4, "Add"))), // node: inputs, output, op_type
            Text(2, "adder"),
            Bytes(5, Message(Number(1, 1), Number(2, FloatTensor), Text(8, "k"), Bytes(9, BitConverter.GetBytes(k)))), // initializer: dims, data_type, name, raw_data
            Bytes(11, Value("x")),
            Bytes(12, Value("y")))),
        Bytes(8, Message(Text(1, ""), Number(2, 13)))); // opset_import: domain, version

    // name, type { tensor_type { elem_type, shape { dim { dim_value } dim { dim_value } } } }
    private static byte[] Value(string name) => Message(
        Text(1, name),
        Bytes(2, Message(Bytes(1, Message(Number(1, FloatTensor), Bytes(2, Message(Bytes(1, Message(Number(1, 1))), Bytes(1, Message(Number(1, 1))))))))));

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    private static byte[] Number(int field, int value) => [(byte)(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => [(byte)((field << 3) | 2), .. Varint(value.Length), .. value];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
