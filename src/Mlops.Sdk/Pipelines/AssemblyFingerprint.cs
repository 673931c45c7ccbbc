using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Sdk.Pipelines;

/// <summary>
/// A hash over what an assembly does: names, signatures, IL, constants, field data, texts, attributes of types and members, embedded resources. Not over its MVID, versions, assembly attributes, debug information and paths,
/// which change with a commit message or a folder. Order of declaration does not matter, except of fields.
/// </summary>
internal sealed class AssemblyFingerprint : IDisposable
{
    private const int FormatVersion = 1;
    private readonly PEReader image;
    private readonly MetadataReader reader;
    private readonly MetadataNames names;

    private AssemblyFingerprint(PEReader image)
    {
        this.image = image;
        reader = image.GetMetadataReader();
        names = new MetadataNames(reader);
    }

    /// <summary>The simple name, the identity of this build, what it references, and the hash.</summary>
    public sealed record Result(string Name, Guid Mvid, IReadOnlyList<string> References, string Hash);

    /// <summary>Reads an assembly.</summary>
    /// <exception cref="BadImageFormatException">It is not one.</exception>
    public static Result Read(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file, PEStreamOptions.PrefetchEntireImage);
        using var print = new AssemblyFingerprint(image);
        return print.Compute();
    }

    public void Dispose() => image.Dispose();

    private Result Compute()
    {
        var references = reader.AssemblyReferences.Select(r => reader.GetString(reader.GetAssemblyReference(r).Name)).Order(StringComparer.Ordinal).ToList();
        var parts = new List<byte[]>();
        parts.AddRange(reader.TypeDefinitions.Select(Type));
        parts.AddRange(reader.ManifestResources.Select(Resource));
        parts.AddRange(references.Select(name => Part(w => w.Text("reference " + name))));
        var whole = new CanonicalWriter();
        whole.Int32(FormatVersion);
        Sorted(whole, parts);
        return new(
            reader.GetString(reader.GetAssemblyDefinition().Name),
            reader.GetGuid(reader.GetModuleDefinition().Mvid),
            references,
            Convert.ToHexStringLower(SHA256.HashData(whole.Written)));
    }

    private byte[] Type(TypeDefinitionHandle handle) => Part(w =>
    {
        var type = reader.GetTypeDefinition(handle);
        w.Text("type " + names.Of(handle));
        w.Int32((int)type.Attributes);
        w.Text(names.Of(type.BaseType));
        var layout = type.GetLayout();
        w.Int32(layout.PackingSize);
        w.Int32(layout.Size);
        Generics(w, type.GetGenericParameters());
        Sorted(w, type.GetInterfaceImplementations().Select(i => Part(p => p.Text(names.Of(reader.GetInterfaceImplementation(i).Interface)))));
        Sorted(w, type.GetMethodImplementations().Select(reader.GetMethodImplementation).Select(i => Part(p =>
        {
            p.Text(names.Of(i.MethodDeclaration));
            p.Text(names.Of(i.MethodBody));
        })));
        Attributes(w, type.GetCustomAttributes());

        // The order of fields is their place in memory.
        var fields = type.GetFields();
        w.Int32(fields.Count);
        foreach (var field in fields)
        {
            Field(w, reader.GetFieldDefinition(field));
        }

        Sorted(w, type.GetMethods().Select(Method));
        Sorted(w, type.GetProperties().Select(reader.GetPropertyDefinition).Select(p => Member(p.Name, p.DecodeSignature(names.Signatures, null), p.GetCustomAttributes(), p.GetDefaultValue())));
        Sorted(w, type.GetEvents().Select(reader.GetEventDefinition).Select(e => Part(p =>
        {
            p.Text(names.Text(e.Name));
            p.Text(names.Of(e.Type));
            Attributes(p, e.GetCustomAttributes());
        })));
    });

    private byte[] Member(StringHandle name, MethodSignature<string> signature, CustomAttributeHandleCollection attributes, ConstantHandle constant) => Part(w =>
    {
        w.Text(names.Text(name));
        w.Text(SignatureText.Of(signature));
        Attributes(w, attributes);
        Constant(w, constant);
    });

    private void Field(CanonicalWriter w, FieldDefinition field)
    {
        w.Text(names.Text(field.Name));
        w.Int32((int)field.Attributes);
        w.Text(field.DecodeSignature(names.Signatures, null));
        w.Int32(field.GetOffset());
        Constant(w, field.GetDefaultValue());
        Attributes(w, field.GetCustomAttributes());
        if (field.Attributes.HasFlag(FieldAttributes.HasFieldRVA) && field.GetRelativeVirtualAddress() is > 0 and var address)
        {
            var block = image.GetSectionData(address);
            w.Bytes(block.GetContent(0, Math.Min(block.Length, SizeOf(field))).AsSpan());
        }
    }

    private int SizeOf(FieldDefinition field)
    {
        var signature = reader.GetBlobReader(field.Signature);
        signature.ReadSignatureHeader();
        var code = signature.ReadSignatureTypeCode();
        if (code == SignatureTypeCode.TypeHandle)
        {
            var type = signature.ReadTypeHandle();
            return type.Kind == HandleKind.TypeDefinition ? reader.GetTypeDefinition((TypeDefinitionHandle)type).GetLayout().Size : 0;
        }

        return code switch
        {
            SignatureTypeCode.Boolean or SignatureTypeCode.SByte or SignatureTypeCode.Byte => 1,
            SignatureTypeCode.Char or SignatureTypeCode.Int16 or SignatureTypeCode.UInt16 => 2,
            SignatureTypeCode.Int32 or SignatureTypeCode.UInt32 or SignatureTypeCode.Single => 4,
            _ => 8,
        };
    }

    private byte[] Method(MethodDefinitionHandle handle) => Part(w =>
    {
        var method = reader.GetMethodDefinition(handle);
        w.Text(names.Of(handle));
        w.Int32((int)method.Attributes);
        w.Int32((int)method.ImplAttributes);
        Generics(w, method.GetGenericParameters());
        Attributes(w, method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters().Select(reader.GetParameter))
        {
            w.Int32(parameter.SequenceNumber);
            w.Text(names.Text(parameter.Name));
            w.Int32((int)parameter.Attributes);
            Constant(w, parameter.GetDefaultValue());
            Attributes(w, parameter.GetCustomAttributes());
        }

        if (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
        {
            var import = method.GetImport();
            w.Text($"{names.Of(import.Module)}!{names.Text(import.Name)} {import.Attributes}");
        }

        if (method.RelativeVirtualAddress > 0)
        {
            Body(w, image.GetMethodBody(method.RelativeVirtualAddress));
        }
    });

    private void Body(CanonicalWriter w, MethodBodyBlock body)
    {
        w.Byte(body.LocalVariablesInitialized ? (byte)1 : (byte)0);
        w.Text(body.LocalSignature.IsNil ? "" : names.Of(body.LocalSignature));
        foreach (var region in body.ExceptionRegions)
        {
            foreach (var part in (ReadOnlySpan<int>)[(int)region.Kind, region.TryOffset, region.TryLength, region.HandlerOffset, region.HandlerLength, region.FilterOffset])
            {
                w.Int32(part);
            }

            w.Text(names.Of(region.CatchType));
        }

        var il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            ushort code = il.ReadByte();
            if (code == 0xFE)
            {
                code = (ushort)(0xFE00 | il.ReadByte());
            }

            w.Int32(code);
            switch (IlOpcodes.Operands[code])
            {
                case OperandType.InlineString:
                    w.TextValue(MetadataNames.NormalizeConstant(reader.GetUserString((UserStringHandle)MetadataTokens.Handle(il.ReadInt32()))));
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    w.Text(names.Of((EntityHandle)MetadataTokens.Handle(il.ReadInt32())));
                    break;
                case OperandType.InlineSwitch:
                    var targets = il.ReadInt32();
                    w.Bytes(il.ReadBytes(targets * 4));
                    break;
                case var plain:
                    w.Raw(il.ReadBytes(IlOpcodes.Size(plain)));
                    break;
            }
        }
    }

    private void Generics(CanonicalWriter w, GenericParameterHandleCollection parameters)
    {
        w.Int32(parameters.Count);
        foreach (var parameter in parameters.Select(reader.GetGenericParameter))
        {
            w.Int32((int)parameter.Attributes);
            Sorted(w, parameter.GetConstraints().Select(c => Part(p => p.Text(names.Of(reader.GetGenericParameterConstraint(c).Type)))));
            Attributes(w, parameter.GetCustomAttributes());
        }
    }

    private void Attributes(CanonicalWriter w, CustomAttributeHandleCollection attributes) =>
        Sorted(w, attributes.Select(reader.GetCustomAttribute).Select(a => (Name: names.Of(a.Constructor), a.Value)).Where(a => !IsAboutSources(a.Name)).Select(a => Part(p =>
        {
            p.Text(a.Name);

            // Byte by byte as Latin-1, so that a name inside can be normalised whatever is around it.
            p.Text(a.Value.IsNil ? "" : MetadataNames.Normalize(Encoding.Latin1.GetString(reader.GetBlobBytes(a.Value))));
        })));

    /// <summary>Attributes that say where code came from, or help a debugger.</summary>
    private static bool IsAboutSources(string constructor) =>
        constructor.Contains("InterceptsLocationAttribute::", StringComparison.Ordinal)
        || constructor.Contains("]System.CodeDom.Compiler.GeneratedCodeAttribute::", StringComparison.Ordinal)
        || constructor.Contains("]System.Diagnostics.Debugg", StringComparison.Ordinal);

    private void Constant(CanonicalWriter w, ConstantHandle handle)
    {
        if (handle.IsNil)
        {
            w.Byte(0);
            return;
        }

        var constant = reader.GetConstant(handle);
        w.Byte((byte)constant.TypeCode);
        var blob = reader.GetBlobBytes(constant.Value);
        w.Bytes(constant.TypeCode == ConstantTypeCode.String ? Encoding.Unicode.GetBytes(MetadataNames.NormalizeConstant(Encoding.Unicode.GetString(blob))) : blob);
    }

    private byte[] Resource(ManifestResourceHandle handle) => Part(w =>
    {
        var resource = reader.GetManifestResource(handle);
        w.Text("resource " + names.Text(resource.Name));
        if (resource.Implementation.IsNil && image.PEHeaders.CorHeader is { } header)
        {
            var block = image.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
            var content = block.GetReader((int)resource.Offset, block.Length - (int)resource.Offset);
            w.Bytes(content.ReadBytes(content.ReadInt32()));
        }
    });

    /// <summary>A part that can be sorted among its like: its hash.</summary>
    private static byte[] Part(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return SHA256.HashData(writer.Written);
    }

    private static void Sorted(CanonicalWriter w, IEnumerable<byte[]> parts)
    {
        var sorted = parts.ToList();
        sorted.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        w.Int32(sorted.Count);
        sorted.ForEach(part => w.Raw(part));
    }
}
