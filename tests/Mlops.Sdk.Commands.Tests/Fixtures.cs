using Mlops.Sdk.TestServers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
