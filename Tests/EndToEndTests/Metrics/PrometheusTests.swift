import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// A real Prometheus that scrapes a real gateway, and the rules and the dashboard that come with it.
@Suite(.timeLimit(.minutes(5))) struct PrometheusTests {
    /// Scrapes after which a condition should have been seen.
    private static let scrapesMax = 60

    @Test(.enabled(if: PrometheusPrograms.areInstalled, "Prometheus is missing: run 'make deps'"))
    func `a Prometheus with the alert rules scrapes the gateway`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        try await fixture.advance("2h")
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        let prometheus = try await start(scraping: gateway, in: fixture)
        try await eventually(#"up{job="reelgate"}"#, is: "1", in: prometheus.url)
        try await eventually(
            #"sum(reelgate_tasks{state="completed"})"#, is: "1", in: prometheus.url)
        try await eventually(
            #"sum(reelgate_task_duration_seconds_count{phase="total"})"#, is: "1", in: prometheus.url)
        let rules = try await Curl.get("\(prometheus.url)/api/v1/rules").json()
        let names = rules["data"]?["groups"]?.array?.flatMap { $0["rules"]?.array ?? [] }
            .compactMap { $0["name"]?.string }
        #expect(names?.count == 7)
        let target = try await Curl.get("\(prometheus.url)/api/v1/targets").json()
        let active = target["data"]?["activeTargets"]?.array?.first
        #expect(active?["health"]?.string == "up")
        #expect(active?["lastError"]?.string == "")
    }

    private func start(
        scraping gateway: GatewayUnderTest, in fixture: EndToEndFixture
    ) async throws -> (program: RunningProgram, url: String) {
        let address = gateway.url.replacing("http://", with: "")
        let config = try fixture.folder.write(
            """
            global: {scrape_interval: 200ms, evaluation_interval: 200ms}
            rule_files: ["\(PrometheusPrograms.alerts)"]
            scrape_configs:
              - job_name: reelgate
                static_configs: [{targets: ["\(address)"]}]

            """, to: "prometheus.yml")
        let program = try RunningProgram(
            try #require(PrometheusPrograms.prometheus),
            [
                "--config.file=\(config)", "--storage.tsdb.path=\(fixture.folder.path)/prometheus",
                "--web.listen-address=127.0.0.1:0",
            ], environment: Tools.baseEnvironment, folder: fixture.folder.path)
        let line = try await program.line(of: \.errors, containing: #"msg="Listening on" address="#)
        let listening = line.split(separator: "address=").last.map(String.init) ?? ""
        return (program, "http://\(listening.trimmingCharacters(in: .whitespaces))")
    }

    /// Asks Prometheus until a query has a value, for as many scrapes as are enough.
    private func eventually(
        _ query: String, is value: String, in prometheus: String
    ) async throws {
        while true {
            let seen = try await result(of: query, in: prometheus)
            if seen == value { return }
            try Task.checkCancellation()
            let scrapes = try await result(of: #"count_over_time(up{job="reelgate"}[1h])"#, in: prometheus)
            if let scrapes = scrapes.flatMap(Int.init), scrapes > Self.scrapesMax {
                Issue.record("\(query) is \(seen ?? "nothing") after \(scrapes) scrapes, not \(value)")
                return
            }
        }
    }

    /// Returns the value of a query; `nil` while it has none.
    private func result(of query: String, in prometheus: String) async throws -> String? {
        let response = try await Curl.get(
            "\(prometheus)/api/v1/query", ["-G", "--data-urlencode", "query=\(query)"])
        guard response.status == 200 else { return nil }
        return try response.json()["data"]?["result"]?.array?.first?["value"]?.array?.last?.string
    }

    @Test(.enabled(if: PrometheusPrograms.areInstalled, "Prometheus is missing: run 'make deps'"))
    func `promtool accepts the alert rules, and each fires when it should and not before`() async throws {
        let promtool = try #require(PrometheusPrograms.promtool)
        let checked = try await Tools.run(promtool, ["check", "rules", PrometheusPrograms.alerts])
        #expect(checked.status == 0, "\(checked.text)\(checked.errors)")
        let tested = try await Tools.run(promtool, ["test", "rules", PrometheusPrograms.alertTests])
        #expect(tested.status == 0, "\(tested.text)\(tested.errors)")
        let rules = try text(of: PrometheusPrograms.alerts)
        let tests = try text(of: PrometheusPrograms.alertTests)
        let alerts = rules.matches(of: /alert: ([A-Za-z]+)/).map { String($0.1) }
        #expect(alerts.count == 7)
        for alert in alerts { #expect(tests.components(separatedBy: alert).count > 2, "\(alert)") }
    }

    @Test(arguments: [PrometheusPrograms.dashboard, PrometheusPrograms.alerts, PrometheusPrograms.alertTests])
    func `dashboard and rules use only metrics that exist`(_ path: String) throws {
        let names = Set(
            try text(of: path).matches(of: /\b(reelgate|process)_[a-z_]+\b/).map {
                MetricNames.metric(ofSeries: String($0.0))
            })
        #expect(names.count > 5)
        #expect(names.filter { MetricNames.all[$0] == nil } == [])
    }

    @Test func `the dashboard shows every metric of the gateway's work, without fixing a data source`() throws
    {
        let dashboard = try JSONValue(parsing: Array(try text(of: PrometheusPrograms.dashboard).utf8))
        let panels = try #require(dashboard["panels"]?.array)
        let text = try text(of: PrometheusPrograms.dashboard)
        let shown = Set(
            text.matches(of: /\breelgate_[a-z_]+\b/).map { MetricNames.metric(ofSeries: String($0.0)) })
        #expect(Set(MetricNames.all.keys.filter { $0.hasPrefix("reelgate_") }).subtracting(shown) == [])
        for panel in panels where panel["type"]?.string != "row" {
            #expect(panel["datasource"]?["uid"]?.string == "${datasource}")
            #expect(panel["targets"]?.array?.isEmpty == false)
        }
        #expect(Set(panels.compactMap { $0["id"]?.integer }).count == panels.count)
    }

    @Test func `the page of metrics lists every metric with its labels, and every alert`() throws {
        let page = try text(of: PrometheusPrograms.page)
        for (name, labels) in MetricNames.all {
            guard name.hasPrefix("reelgate_") else {
                #expect(page.contains("`\(name)`"))
                continue
            }
            let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(name)` |") }
            let cell = row?.split(separator: "|", omittingEmptySubsequences: false).dropFirst(3).first ?? ""
            let listed = cell.split(separator: ",").map { $0.trimmingCharacters(in: ["`", " "]) }
            #expect(listed.filter { !$0.isEmpty }.sorted() == labels, "\(name)")
        }
        for alert in try text(of: PrometheusPrograms.alerts).matches(of: /alert: ([A-Za-z]+)/) {
            #expect(page.contains("| `\(alert.1)` |"))
        }
    }

    private func text(of path: String) throws -> String {
        String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    }
}
