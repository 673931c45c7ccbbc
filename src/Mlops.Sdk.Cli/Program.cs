Console.Error.WriteLine("mlops");
