using Microsoft.ML.Data;

namespace QuickStart;

public sealed class Car
{
    [LoadColumn(1)]
    public float Cylinders { get; set; }

    [LoadColumn(3)]
    public float Horsepower { get; set; }

    [LoadColumn(4)]
    public float Weight { get; set; }

    [LoadColumn(5)]
    public float Year { get; set; }

    [LoadColumn(6)]
    public string Origin { get; set; } = "";
}

public sealed class FuelEconomy
{
    [ColumnName("Score")]
    public float MilesPerGallon { get; set; }
}
