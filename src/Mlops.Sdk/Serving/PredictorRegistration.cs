namespace Mlops.Sdk.Serving;

/// <summary>That a predictor was added, for those that must know all of them before one exists.</summary>
internal sealed record PredictorRegistration(string Key, Type Input, Type Output);
