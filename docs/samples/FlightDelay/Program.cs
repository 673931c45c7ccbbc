Console.Error.WriteLine("FlightDelay");
