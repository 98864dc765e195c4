using System.Net;
using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>What the daemon answers on its unix socket.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task A_project_is_planned_applied_looked_at_and_removed()
    {
        const string project = DaemonLab.Project + "drift: ignore\n";
        using var lab = await new DaemonLab().Up();
        var plan = await lab.Post("/v1/plan?file=lab.yaml", project);
        Assert.True(plan.GetProperty("changes").GetInt32() > 10);
        Assert.Equal(0, (await lab.Get("/v1/networks")).GetProperty("networks").GetArrayLength());

        var made = await lab.Post($"/v1/apply?file=lab.yaml&expect={plan.GetProperty("token").GetString()}", project);
        Assert.Equal("committed", made.GetProperty("outcome").GetString());
        Assert.Equal(plan.GetProperty("steps").ToString(), made.GetProperty("steps").ToString());
        Assert.Equal(0, (await lab.Post("/v1/apply?file=lab.yaml", project)).GetProperty("changes").GetInt32());

        var network = Assert.Single((await lab.Get("/v1/networks")).GetProperty("networks").EnumerateArray());
        Assert.Equal("up", network.GetProperty("state").GetString());
        Assert.Equal("app1", Assert.Single((await lab.Get("/v1/ports?project=lab")).GetProperty("ports").EnumerateArray()).GetProperty("machine").GetString());
        Assert.Equal("tcp/8080", Assert.Single((await lab.Get("/v1/forwards")).GetProperty("forwards").EnumerateArray()).GetProperty("listen").GetString());
        Assert.Equal(project, Assert.Single((await lab.Get("/v1/projects/lab")).GetProperty("projects").EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal(0, Assert.Single((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());

        lab.Host.OnHost("ip link set wb-dev down");
        Assert.Equal(1, Assert.Single((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());
        Assert.Equal("committed", (await lab.Delete("/v1/projects/lab")).GetProperty("outcome").GetString());
        Assert.DoesNotContain("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Equal("destroy", (await lab.Get("/v1/history?limit=1")).GetProperty("revisions")[0].GetProperty("verb").GetString());
    }

    [Fact]
    public async Task A_port_comes_and_goes()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        var port = (await lab.Post("/v1/ports", """{"machine":"web1","network":"dev","addresses":["10.20.0.50"]}""")).GetProperty("port");
        Assert.Equal("10.20.0.50", port.GetProperty("addresses")[0].GetString());
        Assert.Contains("wt-web1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Equal("wt-web1", (await lab.Get("/v1/machines/web1/ports")).GetProperty("ports")[0].GetProperty("tap").GetString());
        await lab.Delete("/v1/ports/web1");
        Assert.DoesNotContain("wt-web1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        await lab.Delete("/v1/ports/web1", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Faults_are_problems_with_all_diagnostics()
    {
        using var lab = await new DaemonLab().Up();
        var problem = await lab.Post("/v1/apply?file=bad.yaml", "version: 2\nname: Lab\nnetworks: { a: { mode: bridge, mtu: 1 } }\n", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(422, problem.GetProperty("status").GetInt32());
        Assert.Contains(problem.GetProperty("diagnostics").EnumerateArray(), d => d.GetProperty("code").GetString() == "WEFT1017" && d.GetProperty("line").GetInt32() == 1);
        Assert.True(problem.GetProperty("diagnostics").GetArrayLength() >= 3);
        await lab.Delete("/v1/projects/nix", HttpStatusCode.NotFound);
        await lab.Post("/v1/confirm", "", HttpStatusCode.Conflict);
        await lab.Post("/v1/ports", "{", HttpStatusCode.BadRequest);
        await lab.Post("/v1/ports", """{"machine":"a","network":"dev","colour":"red"}""", HttpStatusCode.BadRequest);
        await lab.Post("/v1/ports", """{"machine":"a b","network":"dev"}""", HttpStatusCode.UnprocessableEntity);
        await lab.Post("/v1/ports", """{"machine":"a","network":"dev","mac":"01:00:00:00:00:01"}""", HttpStatusCode.BadRequest);
        await lab.Post("/v1/apply?probe=ssh", DaemonLab.Project, HttpStatusCode.BadRequest);
        await lab.Post("/v1/apply?confirm=0", DaemonLab.Project, HttpStatusCode.BadRequest);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/v1/apply") { Content = new StringContent(new string('x', 5_000_000)), Headers = { ExpectContinue = true } };
        await DaemonLab.Document(await lab.Client.SendAsync(large), HttpStatusCode.RequestEntityTooLarge);
        await DaemonLab.Document(await lab.Client.GetAsync("/v1/history?limit=-1"), HttpStatusCode.BadRequest);
        await DaemonLab.Document(await lab.Client.GetAsync("/v1/nix"), HttpStatusCode.NotFound);
        Assert.Empty((await lab.Get("/v1/history")).GetProperty("revisions").EnumerateArray());
    }

    [Fact]
    public async Task A_change_is_planned_only_where_that_is_wanted()
    {
        using var lab = await new DaemonLab().Up();
        var planned = await lab.Post("/v1/apply?dry_run=true", DaemonLab.Project);
        Assert.Equal(JsonValueKind.Null, planned.GetProperty("outcome").ValueKind);
        Assert.True(planned.GetProperty("changes").GetInt32() > 0);
        Assert.DoesNotContain("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Equal("committed", (await lab.Post($"/v1/apply?expect={planned.GetProperty("token").GetString()}", DaemonLab.Project)).GetProperty("outcome").GetString());
        Assert.Equal("remove", (await lab.Delete("/v1/projects/lab?dry_run=true")).GetProperty("steps")[0].GetProperty("action").GetString());
        await lab.Delete("/v1/projects/lab?dry_run=perhaps", HttpStatusCode.BadRequest);
        Assert.Contains("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dry-run=true")]
    [InlineData("dry_run=")]
    [InlineData("expect=")]
    [InlineData("Confirm=60")]
    public async Task A_parameter_that_is_mistyped_or_empty_changes_nothing(string query)
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post($"/v1/apply?{query}", DaemonLab.Project, HttpStatusCode.BadRequest);
        Assert.Empty((await lab.Get("/v1/history")).GetProperty("revisions").EnumerateArray());
    }

    [Fact]
    public async Task A_plan_that_no_longer_holds_is_refused()
    {
        using var lab = await new DaemonLab().Up();
        var token = (await lab.Post("/v1/plan", DaemonLab.Project)).GetProperty("token").GetString();
        var problem = await lab.Post($"/v1/apply?expect={token}", DaemonLab.Project.Replace("10.20.0.0", "10.21.0.0", StringComparison.Ordinal), HttpStatusCode.Conflict);
        Assert.Contains("changed since the plan", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unconfirmed_change_is_kept_or_taken_back()
    {
        using var lab = await new DaemonLab().Up();
        Assert.Equal("pending", (await lab.Post("/v1/apply?confirm=600", DaemonLab.Project)).GetProperty("outcome").GetString());
        await lab.Post("/v1/apply", DaemonLab.Project, HttpStatusCode.Conflict);
        await lab.Post("/v1/rollback", "", HttpStatusCode.Conflict);
        Assert.Equal("lab", (await lab.Get("/v1/pending")).GetProperty("open").GetProperty("project").GetString());
        Assert.Equal("undone", (await lab.Delete("/v1/pending?why=no")).GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, (await lab.Get("/v1/pending")).GetProperty("open").ValueKind);
        await lab.Delete("/v1/pending", HttpStatusCode.Conflict);
        Assert.StartsWith("no (", (await lab.Get("/v1/history?limit=1")).GetProperty("revisions")[0].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        await lab.Post("/v1/apply?confirm=600", DaemonLab.Project);
        Assert.Equal("committed", (await lab.Post("/v1/confirm", "")).GetProperty("outcome").GetString());
        Assert.Contains("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_apply_tells_its_progress_and_its_end()
    {
        using var lab = await new DaemonLab().Up();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/apply") { Content = new StringContent(DaemonLab.Project), Headers = { { "Accept", "text/event-stream" } } };
        var events = (await (await lab.Client.SendAsync(request)).Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("event: plan\ndata: {", events[0], StringComparison.Ordinal);
        Assert.StartsWith("event: progress\ndata: {", events[1], StringComparison.Ordinal);
        Assert.StartsWith("event: result\ndata: {", events[^1], StringComparison.Ordinal);
        Assert.Equal("committed", JsonDocument.Parse(events[^1].Split("data: ")[1]).RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_a_change_is_told_of_is_in_the_audit_log_by_then()
    {
        using var lab = await new DaemonLab().Up();
        var log = Path.Combine(lab.State, "audit.jsonl");
        await lab.Post("/v1/apply", DaemonLab.Project);
        Assert.Equal("committed", Last().GetProperty("outcome").GetString());
        await lab.Post("/v1/apply?expect=none", $"{DaemonLab.Project}#", HttpStatusCode.Conflict);
        Assert.Equal(409, Last().GetProperty("status").GetInt32());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/apply?expect=none&file=streamed") { Content = new StringContent($"{DaemonLab.Project}#"), Headers = { { "Accept", "text/event-stream" } } };
        Assert.Contains("event: problem\n", await (await lab.Client.SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(409, Last().GetProperty("status").GetInt32());
        Assert.Contains("changed since the plan", Last().GetProperty("detail").GetString(), StringComparison.Ordinal);

        JsonElement Last() => JsonDocument.Parse(File.ReadLines(log).Last()).RootElement;
    }

    [Theory]
    [InlineData("{}", "it lacks machine and network")]
    [InlineData("{\"machine\": null, \"network\": \"dev\"}", "it lacks machine;")]
    [InlineData("{\"machine\": \"a\", \"network\": 5}", "network is not of the type that it should be")]
    [InlineData("{\"machine\": \"a\", \"network\": \"dev\", \"addresses\": [5]}", "addresses[0] is not of the type that it should be")]
    [InlineData("{\"machine\": \"a\", \"network\": \"dev\", \"bogus\": 1}", "there is no member bogus; there are machine, network, project, mac, addresses;")]
    [InlineData("{\"machine\": \"a\", \"network\": \"dev\", \"machine\": \"b\"}", "machine is given twice")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{", "it is no JSON: line 1, byte 2")]
    public async Task A_body_that_is_not_what_is_wanted_is_told_in_words_of_the_API(string body, string why)
    {
        using var lab = await new DaemonLab().Up();
        var problem = await lab.Post("/v1/ports", body, HttpStatusCode.BadRequest);
        Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/v1/no.file", HttpStatusCode.NotFound, "")]
    [InlineData("DELETE", "/v1/apply", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("PUT", "/v1/pending", HttpStatusCode.MethodNotAllowed, "DELETE, GET, HEAD")]
    public async Task What_is_no_operation_is_a_problem_that_says_which_there_are(string method, string path, HttpStatusCode status, string allow)
    {
        using var lab = await new DaemonLab().Up();
        var answer = await lab.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        Assert.Contains(path, (await DaemonLab.Document(answer, status)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_told_as_such()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        async Task NotThere(Task<JsonElement> problem) => Assert.StartsWith("there is no project nope", (await problem).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await NotThere(lab.Post("/v1/ports", """{"machine":"a","network":"dev","project":"nope"}""", HttpStatusCode.NotFound));
        await NotThere(lab.Delete("/v1/ports/app1?project=nope", HttpStatusCode.NotFound));
        await NotThere(DaemonLab.Document(await lab.Client.GetAsync("/v1/events?project=nope&follow=false"), HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("/v1/networks")]
    [InlineData("/metrics")]
    [InlineData("/v1/events")]
    public async Task A_head_is_that_of_the_answer_without_the_answer(string path)
    {
        using var lab = await new DaemonLab().Up();
        using var answer = await lab.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var get = await lab.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(get.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_long_reason_leaves_the_history_readable()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply?confirm=600", DaemonLab.Project);
        await lab.Delete($"/v1/pending?why={string.Concat(Enumerable.Repeat("because%20of%20this%0A", 200))}");
        var lines = WeftProgram.Succeed("--netns", lab.Host.Host, "--state", lab.State, "history").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^1 +[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} +lab +apply .* undone +because of this because .{1,160}\\.\\.\\. *$", lines[1]);
    }
}
