namespace Mlops.Sdk.Pipelines;

/// <summary>A value has no canonical encoding. Caught inside the engine: the step then runs without a key.</summary>
internal sealed class NotCanonicalException(Type type, string problem) : Exception
{
    private string path = "";

    public override string Message => $"{(path.Length == 0 ? "it" : path.TrimStart('.'))} of type {NameOf(type)} {problem}";

    /// <summary>Names the way to the value, from the inside out.</summary>
    public NotCanonicalException Within(string segment)
    {
        path = segment + path;
        return this;
    }

    public static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
