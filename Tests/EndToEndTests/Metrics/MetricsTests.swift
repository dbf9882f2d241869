import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// `/metrics` of the real executable, read by other programs.
@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    private static let openMetrics = "application/openmetrics-text; version=1.0.0"

    /// A gateway with a priced catalog that has completed one job, and the task.
    private func completedJob(in fixture: EndToEndFixture) async throws -> (GatewayUnderTest, String) {
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        try await fixture.advance("2h")
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        _ = try await Curl.get("\(gateway.url)/v1/tasks/\(id)")
        return (gateway, id)
    }

    @Test func `after one job every metric is there, with its labels, and none names the job or the key`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let (gateway, id) = try await completedJob(in: fixture)
        let text = try await Curl.get("\(gateway.url)/metrics")
        #expect(text.status == 200)
        #expect(text.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = text.text.split(separator: "\n").map(String.init)
        let described = Set(
            lines.filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) })
        #expect(described == Set(MetricNames.all.keys))
        var labels: [String: Set<String>] = [:]
        for line in lines where !line.hasPrefix("#") {
            let name = MetricNames.metric(ofSeries: String(line.prefix { $0 != "{" && $0 != " " }))
            labels[name, default: []].formUnion(MetricNames.labels(of: line).filter { $0 != "le" })
        }
        // A client without a budget has none left.
        let expected = MetricNames.all.filter { $0.key != "reelgate_budget_remaining_usd" }
        #expect(labels.mapValues { $0.sorted() } == expected)
        for secret in [id, EndToEndFixture.key, "garden", "ref1", "task-unified"] {
            #expect(!text.text.contains(secret), "\(secret)")
        }
        let model = "veo-3.1-reference-to-video"
        for series in [
            #"reelgate_tasks{state="completed",model="\#(model)"} 1"#,
            #"reelgate_task_transitions_total{from="archiving",to="completed"} 1"#,
            #"reelgate_task_duration_seconds_count{model="\#(model)",phase="total"} 1"#,
            #"reelgate_provider_requests_total{call="create",class="ok"} 1"#,
            #"reelgate_provider_requests_total{call="fetch",class="ok"} 1"#,
            #"reelgate_http_requests_total{route="/v1/videos/generations",method="POST",status="200"} 1"#,
            "reelgate_uncertain_tasks 0", "reelgate_link_expiry_seconds_min +Inf",
        ] { #expect(lines.contains(series), "\(series)") }
    }

    @Test(
        .enabled(
            if: PrometheusPrograms.areInstalled && PrometheusPrograms.isParserInstalled,
            "Prometheus or prometheus-client is missing: run 'make deps'"))
    func `promtool and prometheus-client accept both formats`() async throws {
        let fixture = try await EndToEndFixture()
        let (gateway, _) = try await completedJob(in: fixture)
        let text = try await Curl.get("\(gateway.url)/metrics")
        let open = try await Curl.get("\(gateway.url)/metrics", ["-H", "Accept: \(Self.openMetrics)"])
        #expect(open.fields["content-type"] == "\(Self.openMetrics); charset=utf-8")
        let files = [
            try fixture.folder.write(text.text, to: "metrics.txt"),
            try fixture.folder.write(open.text, to: "metrics.openmetrics"),
        ]
        let parsed = try await Tools.run(
            PrometheusPrograms.python, [PrometheusPrograms.parser] + files)
        #expect(parsed.status == 0, "\(parsed.errors)")
        let promtool = try #require(PrometheusPrograms.promtool)
        let checked = try await Tools.run(
            "sh", ["-c", "\(promtool) check metrics < \(files[0])"])
        #expect(checked.status == 0, "\(checked.text)\(checked.errors)")
        #expect(checked.errors + checked.text == "")
    }

    @Test func `with tokens only operators read metrics`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let socket = ["--unix-socket", fixture.folder.path + "/data/operator.sock"]
        var statuses = [try await Curl.get("\(gateway.url)/metrics").status]
        for (name, role) in [("studio", "submitter"), ("prometheus", "operator")] {
            let body = #"{"name":"\#(name)","role":"\#(role)","budget":{"usd":5,"per":"day"}}"#
            let added = try await Curl.post("http://any/v1/clients", body, socket)
            let token = try #require(try added.json()["token"]?.string, "\(added.text)")
            let response = try await Curl.get(
                "\(gateway.url)/metrics", ["-H", "Authorization: Bearer \(token)"])
            statuses.append(response.status)
            #expect(!response.text.contains(token))
            if role == "operator" {
                #expect(response.text.contains(#"reelgate_budget_remaining_usd{client="studio"} 5.0"#))
                #expect(
                    response.text.contains(
                        #"reelgate_http_requests_total{route="none",method="GET",status="401"} 1"#))
            }
        }
        #expect(statuses == [401, 403, 200])
        #expect(try await Curl.get("http://any/metrics", socket).status == 200)
    }

    @Test func `counts of tasks and spend outlive a restart`() async throws {
        let fixture = try await EndToEndFixture()
        let (gateway, _) = try await completedJob(in: fixture)
        func stored(_ gateway: GatewayUnderTest) async throws -> [Substring] {
            try await Curl.get("\(gateway.url)/metrics").text.split(separator: "\n")
                .filter { $0.hasPrefix("reelgate_tasks{") || $0.hasPrefix("reelgate_spend_usd_total{") }
        }
        let before = try await stored(gateway)
        #expect(before.count == 2)
        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        #expect(try await stored(try await fixture.gateway()) == before)
    }
}
