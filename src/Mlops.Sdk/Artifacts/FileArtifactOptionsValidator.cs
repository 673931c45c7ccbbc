using Microsoft.Extensions.Options;

namespace Mlops.Sdk.Artifacts;

[OptionsValidator]
internal sealed partial class FileArtifactOptionsValidator : IValidateOptions<FileArtifactOptions>;
