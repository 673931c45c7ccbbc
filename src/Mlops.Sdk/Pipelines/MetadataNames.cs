using System.Reflection.Metadata;
using System.Text.RegularExpressions;

namespace Mlops.Sdk.Pipelines;

/// <summary>Names for metadata tokens, so that a row's number does not matter. Hashes and paths that the compiler took from where a source file lies are left out.</summary>
internal sealed partial class MetadataNames
{
    private readonly MetadataReader reader;
    private readonly SignatureText signatures;
    private readonly Dictionary<EntityHandle, string> known = [];

    public MetadataNames(MetadataReader reader)
    {
        this.reader = reader;
        signatures = new SignatureText(this);
    }

    public SignatureText Signatures => signatures;

    public string Of(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return "";
        }

        if (!known.TryGetValue(handle, out var name))
        {
            name = Read(handle);
            known[handle] = name;
        }

        return name;
    }

    public string Text(StringHandle handle) => Normalize(reader.GetString(handle));

    /// <summary>The type's own name of a file-local type holds a hash of the path of its file.</summary>
    public static string Normalize(string name) => name.Contains(">F", StringComparison.Ordinal) ? FileLocal().Replace(name, ">F__") : name;

    /// <summary>What [CallerFilePath] puts in: of a rooted path of a source file only the name of the file counts.</summary>
    public static string NormalizeConstant(string text)
    {
        var rooted = text.Length > 3 && (text[0] == '/' || text.StartsWith("\\\\", StringComparison.Ordinal) || (text[1] == ':' && (text[2] is '\\' or '/')));
        return rooted && SourceFile().IsMatch(text) ? text[(text.AsSpan().LastIndexOfAny('/', '\\') + 1)..] : Normalize(text);
    }

    private string Read(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                var type = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                var outer = type.GetDeclaringType();
                return outer.IsNil ? Qualified(type.Namespace, type.Name) : $"{Of(outer)}/{Text(type.Name)}";
            case HandleKind.TypeReference:
                var reference = reader.GetTypeReference((TypeReferenceHandle)handle);
                var scope = reference.ResolutionScope;
                return scope.Kind == HandleKind.TypeReference ? $"{Of(scope)}/{Text(reference.Name)}" : $"[{Of(scope)}]{Qualified(reference.Namespace, reference.Name)}";
            case HandleKind.TypeSpecification:
                return reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(signatures, null);
            case HandleKind.AssemblyReference:
                return Text(reader.GetAssemblyReference((AssemblyReferenceHandle)handle).Name);
            case HandleKind.ModuleReference:
                return Text(reader.GetModuleReference((ModuleReferenceHandle)handle).Name);
            case HandleKind.FieldDefinition:
                var field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                return $"{Of(field.GetDeclaringType())}::{Text(field.Name)}:{field.DecodeSignature(signatures, null)}";
            case HandleKind.MethodDefinition:
                var method = reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                return $"{Of(method.GetDeclaringType())}::{Text(method.Name)} {SignatureText.Of(method.DecodeSignature(signatures, null))}";
            case HandleKind.MemberReference:
                var member = reader.GetMemberReference((MemberReferenceHandle)handle);
                return $"{Of(member.Parent)}::{Text(member.Name)} {(member.GetKind() == MemberReferenceKind.Field ? member.DecodeFieldSignature(signatures, null) : SignatureText.Of(member.DecodeMethodSignature(signatures, null)))}";
            case HandleKind.MethodSpecification:
                var instance = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                return $"{Of(instance.Method)}<{string.Join(',', instance.DecodeSignature(signatures, null))}>";
            case HandleKind.StandaloneSignature:
                var standalone = reader.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                return standalone.GetKind() == StandaloneSignatureKind.Method
                    ? SignatureText.Of(standalone.DecodeMethodSignature(signatures, null))
                    : string.Join(',', standalone.DecodeLocalSignature(signatures, null));
            default:
                return handle.Kind.ToString();
        }
    }

    private string Qualified(StringHandle space, StringHandle name) => space.IsNil ? Text(name) : $"{reader.GetString(space)}.{Text(name)}";

    [GeneratedRegex(">F[0-9A-F]{64}__", RegexOptions.CultureInvariant)]
    private static partial Regex FileLocal();

    [GeneratedRegex("""\.(cs|vb|fs|razor|cshtml)$""", RegexOptions.CultureInvariant)]
    private static partial Regex SourceFile();
}
