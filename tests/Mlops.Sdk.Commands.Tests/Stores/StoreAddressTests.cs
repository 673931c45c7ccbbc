using Mlops.Sdk.Cli.Stores;
using Npgsql;

namespace Mlops.Sdk.Commands.Tests.Stores;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("postgresql://ada:se%40cret@db.example:5433/flights")]
    [InlineData("postgres://ada:se%40cret@db.example:5433/flights?sslmode=require")]
    [InlineData("Host=db.example;Port=5433;Database=flights;Username=ada;Password=se@cret")]
    [InlineData(" server = db.example;Port=5433;Database=flights;User Id=ada;Pwd=se@cret")]
    public void An_address_of_PostgreSQL_is_read_and_printed_without_user_and_password(string text)
    {
        var address = StoreAddress.Parse(text);

        var builder = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        (builder.Host, builder.Port, builder.Database, builder.Username, builder.Password).Should().Be(("db.example", 5433, "flights", "ada", "se@cret"));
        address.ToString().Should().Be("postgresql db.example:5433/flights, schema mlops");
    }

    [Theory]
    [InlineData("Host=h;Database=d;Schema=team", null, "team")]
    [InlineData("postgresql://h/d?schema=team", null, "team")]
    [InlineData("postgresql://h/d?schema=team", "other", "other")]
    [InlineData("postgresql://h/d", "other", "other")]
    public void The_schema_stands_in_the_address_or_beside_it(string text, string? beside, string expected) => StoreAddress.Parse(text, beside).Schema.Should().Be(expected);

    [Theory]
    [InlineData("postgresql://ada:hunter2@")]
    [InlineData("mysql://ada:hunter2@host/db")]
    [InlineData("postgresql://ada:hunter2@host/db?nonsense=1")]
    [InlineData("Host=h;Port=hunter2")]
    [InlineData("Hots=h;Password=hunter2")]
    [InlineData("Database=d;Password=hunter2")]
    [InlineData("Host=h;Password=\"hunter2")]
    public void What_cannot_be_read_is_never_repeated(string text)
    {
        var error = ((Action)(() => StoreAddress.Parse(text))).Should().Throw<ArgumentException>().Which;

        error.ToString().Should().NotContain("hunter2");
        error.Message.Should().Contain("Host=…");
    }

    [Theory]
    [InlineData(".mlops/mlops.db")]
    [InlineData("a=b.db")]
    [InlineData("host.db")]
    public void Everything_else_is_a_file(string text)
    {
        StoreAddress.Parse(text).Path.Should().Be(Path.GetFullPath(text));
        ((Action)(() => StoreAddress.Parse(text, "team"))).Should().Throw<ArgumentException>().WithMessage("*no schemas*");
    }

    [Fact]
    public void A_schema_that_is_not_a_name_is_refused() => ((Action)(() => StoreAddress.Parse("Host=h", "x; drop"))).Should().Throw<ArgumentException>().WithMessage("*schema*");
}
