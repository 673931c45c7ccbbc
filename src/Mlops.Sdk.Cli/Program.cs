using Mlops.Sdk.Cli;

return await ToolHost.RunAsync(args);
