using System.CommandLine;

namespace Mlops.Sdk.Registry;

/// <summary><c>mlops models approve</c>: asks for, gives and refuses approval.</summary>
internal static class ModelsApprove
{
    public static Command Create(Verb verb)
    {
        var model = new Argument<string>("model") { Description = "The name of the model." };
        var version = new Argument<int>("version") { Description = "The version." };
        var request = new Option<bool>("--request") { Description = "Ask for approval instead." };
        var reject = new Option<bool>("--reject") { Description = "Reject, or take an approval back, instead." };
        var why = new Option<string?>("--why") { Description = "The reason, for those who read the history." };
        var approve = new Command("approve", "Approves a version; neither who registered it nor who asked may. Also asks for approval and rejects.") { model, version, request, reject, why };
        verb.Run(approve, async (parsed, cancellationToken) =>
        {
            var decision = (parsed.GetValue(request), parsed.GetValue(reject)) switch
            {
                (true, true) => throw new ArgumentException("--request and --reject exclude each other. Leave one of them out."),
                (true, false) => ApprovalDecision.Request,
                (false, true) => ApprovalDecision.Reject,
                _ => ApprovalDecision.Approve,
            };
            var approval = await verb.Get<IModelRegistry>().DecideApprovalAsync(parsed.GetValue(model)!, parsed.GetValue(version), decision, parsed.GetValue(why), cancellationToken).ConfigureAwait(false);
            var report = new Report("what", "name", "value");
            Add(report, approval);
            return report;
        });
        return approve;
    }

    public static void Add(Report report, ModelApproval approval)
    {
        report.Add("approval", "state", approval.State);
        report.Add("approval", $"requested by {approval.RequestedBy}", approval.Why is null ? Report.Cell(approval.RequestedAt) : $"{Report.Cell(approval.RequestedAt)} ({approval.Why})");
        foreach (var vote in approval.Votes)
        {
            var done = vote.Decision == ApprovalDecision.Approve ? "approved" : "rejected";
            report.Add("approval", $"{done} by {vote.Actor}", vote.Why is null ? Report.Cell(vote.At) : $"{Report.Cell(vote.At)} ({vote.Why})");
        }
    }
}
