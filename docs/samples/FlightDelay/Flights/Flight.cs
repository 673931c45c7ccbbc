using Mlops.Sdk.Data;

namespace FlightDelay.Flights;

/// <summary>A flight as the source has it, and what its columns must satisfy.</summary>
[Contract("flights")]
public sealed record Flight
{
    /// <summary>The contract: the attributes below and two rules over several columns.</summary>
    public static DataContract<Flight> Contract { get; } = DataContract.For<Flight>(rules => rules
        .Require("different_airports", f => f.Origin != f.Destination)
        .Require("lands_after_departure", f => f.Delay >= -((f.Distance / 8) + 40)));

    /// <summary>The actual departure, local time. The agency has collected flights since October 1987.</summary>
    [Column("date"), Range("1987-10-01", "2099-12-31T23:59:59")]
    public DateTime Date { get; init; }

    /// <summary>The delay on <em>arrival</em> in minutes; negative when it was early. Unknown until the flight lands.</summary>
    [Column("delay"), Range(-120, 1440)]
    public long Delay { get; init; }

    /// <summary>Miles; the longest flight within the United States, from Newark to Honolulu, has 4,962.</summary>
    [Column("distance"), Range(10, 5000)]
    public long Distance { get; init; }

    [Column("origin"), Length(3, 3), Pattern("[A-Z]+")]
    public string Origin { get; init; } = "";

    [Column("destination"), OneOf(
        "ABE", "ABI", "ABQ", "ACT", "ACY", "ADQ", "AKN", "ALB", "AMA", "ANC", "APF", "ATL", "AUS", "AVL", "AVP", "AZO", "BDL", "BET", "BFL", "BGM", "BGR",
        "BHM", "BIL", "BIS", "BMI", "BNA", "BOI", "BOS", "BPT", "BQN", "BRO", "BRW", "BTR", "BTV", "BUF", "BUR", "BWI", "BZN", "CAE", "CAK", "CDV", "CHA",
        "CHS", "CID", "CLE", "CLL", "CLT", "CMH", "CMI", "COS", "CRP", "CRW", "CVG", "DAB", "DAL", "DAY", "DBQ", "DCA", "DEN", "DFW", "DLG", "DLH", "DRO",
        "DSM", "DTW", "DUT", "EGE", "ELM", "ELP", "ERI", "EUG", "EVV", "EWR", "EYW", "FAI", "FAR", "FAT", "FAY", "FCA", "FLL", "FNT", "FSD", "FSM", "FWA",
        "GEG", "GFK", "GGG", "GPT", "GRB", "GRR", "GSO", "GSP", "GST", "GTF", "GUC", "HDN", "HLN", "HNL", "HOU", "HPN", "HRL", "HSV", "IAD", "IAH", "ICT",
        "ILE", "ILM", "IND", "ISP", "ITH", "ITO", "JAC", "JAN", "JAX", "JFK", "JNU", "KOA", "KTN", "LAN", "LAS", "LAW", "LAX", "LBB", "LEX", "LFT", "LGA",
        "LGB", "LIH", "LIT", "LNK", "LRD", "LSE", "LWB", "MAF", "MBS", "MCI", "MCO", "MDT", "MDW", "MEM", "MFE", "MFR", "MHT", "MIA", "MKE", "MLB", "MLI",
        "MLU", "MOB", "MOT", "MQT", "MRY", "MSN", "MSO", "MSP", "MSY", "MTJ", "MYR", "OAK", "OGG", "OKC", "OMA", "OME", "ONT", "ORD", "ORF", "ORH", "OTZ",
        "PBI", "PDX", "PHL", "PHX", "PIA", "PIT", "PNS", "PSC", "PSG", "PSP", "PVD", "PWM", "RAP", "RDU", "RIC", "RNO", "ROA", "ROC", "RST", "RSW", "SAN",
        "SAT", "SAV", "SBA", "SBN", "SBP", "SCC", "SDF", "SEA", "SFO", "SGF", "SHV", "SIT", "SJC", "SJT", "SJU", "SLC", "SMF", "SNA", "SPS", "SRQ", "STL",
        "STT", "STX", "SUX", "SWF", "SYR", "TLH", "TOL", "TPA", "TRI", "TUL", "TUS", "TVC", "TXK", "TYR", "TYS", "VPS", "WRG", "XNA", "YAK")]
    public string Destination { get; init; } = "";

    /// <summary>Late as the US DOT counts it: 15 minutes or more.</summary>
    [NotInContract]
    public bool IsLate => Delay >= 15;

    /// <summary>From when on the delay is known: 8 miles a minute, 40 minutes for taxiing and climbing, and the delay itself.</summary>
    [NotInContract]
    public DateTime KnownAt => Date.AddMinutes((Distance / 8.0) + 40 + Math.Max(Delay, 0));
}
