using Mlops.Sdk.TestServers;

[assembly: AssemblyFixture(typeof(MariaDbServer))]
