import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Results with unusual links, redirects, keys and contents are still archived.
@Suite(.timeLimit(.minutes(3))) struct ResultLinkTests {
    private static func job(_ prompt: String) -> String {
        let example = GatewayUnderTest.exampleJob
        return example.replacing("A woman walking through a garden", with: prompt)
    }

    /// Returns the terminal task of a job.
    private func end(
        _ prompt: String, _ gateway: GatewayUnderTest
    ) async throws -> (id: String, task: JSONValue) {
        let id = try await gateway.accepted(Self.job(prompt), ["-H", "Prefer: respond-async"])
        let seen = try await gateway.follow(id) {
            ["completed", "failed"].contains($0["gateway"]?["state"]?.string)
        }
        return (id, try #require(seen.last))
    }

    private func errors(of gateway: GatewayUnderTest) async -> String {
        String(decoding: await gateway.program.errors.all(), as: UTF8.self)
    }

    @Test func `links that a browser accepts are followed`() async throws {
        let hosts = ResultHosts(results: [
            "redirect": #"[{"url":"OWN/moved"}]"#, "space": #"["OWN/a b.mp4?x=ä"]"#,
            "trimmed": #"[" OWN/t.mp4\n"]"#, "relative": #"[{"url":"/files/r.mp4"}]"#,
            "keyed": #"["OWN/keyed"]"#, "handover": #"["OWN/handover"]"#, "foreign": #"["FOREIGN/moved"]"#,
        ])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        for prompt in ["redirect", "space", "trimmed", "relative", "keyed", "handover", "foreign"] {
            let (id, task) = try await end(prompt, gateway)
            #expect(task["status"]?.string == "completed", "\(prompt)")
            let result = try #require(task["results"]?.array?.first)
            #expect(result["content_type"]?.string == "video/mp4")
            #expect(result["verified"]?.bool == true)
            let content = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
            #expect(content.body == ResultHosts.video)
        }
        let own = ResultHosts.downloads(at: hosts.own), foreign = ResultHosts.downloads(at: hosts.foreign)
        let targets = own.map(\.target)
        for target in ["/files/moved%20here.mp4?sig=s3cret", "/a%20b.mp4?x=%C3%A4", "/t.mp4", "/files/r.mp4"]
        {
            #expect(targets.contains(target), "\(targets)")
        }
        // The key was sent only where a 401 asked for it.
        #expect(own.filter(ResultHosts.hasKey).map(\.target) == ["/keyed", "/handover"])
        #expect(foreign.count == 3 && !foreign.contains(where: ResultHosts.hasKey))
        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        #expect(!(await errors(of: gateway)).contains("s3cret"))
    }

    @Test func `each result is verified independently`() async throws {
        let hosts = ResultHosts(results: [
            "cover": #"["OWN/cover.jpg",{"url":"OWN/v.mp4"}]"#, "partly": #"["OWN/v.mp4","OWN/gone"]"#,
            "mixed": #"["data:video/mp4;base64,AAAA","OWN/v.mp4"]"#,
        ])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        let (id, cover) = try await end("cover", gateway)
        let results = try #require(cover["results"]?.array)
        #expect(results.map { $0["content_type"]?.string } == ["video/mp4", "image/jpeg"])
        for (index, bytes) in [ResultHosts.video, ResultHosts.picture].enumerated() {
            let content = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content?index=\(index)")
            #expect(content.body == bytes)
            #expect(content.fields["content-type"] == results[index]["content_type"]?.string)
        }
        for prompt in ["mixed", "partly"] {
            let (_, task) = try await end(prompt, gateway)
            #expect(task["status"]?.string == "completed")
            #expect(task["results"]?.array?.map { $0["content_type"]?.string } == ["video/mp4"], "\(prompt)")
        }
    }

    @Test func `media that cannot be verified is published, marked and logged`() async throws {
        let hosts = ResultHosts(results: ["broken": #"["OWN/broken.mp4"]"#])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        let (id, task) = try await end("broken", gateway)
        #expect(task["status"]?.string == "completed")
        let result = try #require(task["results"]?.array?.first)
        #expect(result["verified"]?.bool == false)
        #expect(result["content_type"]?.string == "video/mp4")
        let content = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(content.body == Array(ResultHosts.video.dropLast(1_000)))
        #expect(content.fields["x-content-type-options"] == "nosniff")
        #expect(content.fields["content-disposition"]?.hasPrefix("attachment") == true)
        _ = try await gateway.program.line(of: \.errors, containing: "without having been verified")
        #expect(ResultHosts.downloads(at: hosts.own).count == 2)
    }

    @Test func `content that is no media is quarantined and requested again`() async throws {
        let hosts = ResultHosts(results: ["page": #"["OWN/page"]"#])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        let id = try await gateway.accepted(Self.job("page"))
        for _ in 0..<2 {
            _ = try await gateway.program.line(
                of: \.errors, containing: "it is kept in the archive's folder aside/")
        }
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "archiving")
        let kept = try await Tools.run(
            "grep", ["-rl", "one moment", fixture.folder.path + "/data/archive/aside"])
        #expect(kept.lines.count == 1, "\(kept.text)")
    }

    @Test func `a link that is not http or https fails the task after a few polls, with a log line`()
        async throws
    {
        let hosts = ResultHosts(results: [
            "data": #"["data:video/mp4;base64,AAAAs3cret"]"#, "empty": #"[""]"#,
        ])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        for (prompt, message) in [("data", "neither http nor https but data:"), ("empty", "is empty")] {
            let (_, task) = try await end(prompt, gateway)
            #expect(task["error"]?["code"]?.string == "result_lost")
            #expect(task["error"]?["message"]?.string?.contains(message) == true)
            let line = try await gateway.program.line(of: \.errors, containing: message)
            #expect(line.contains("warning") && !line.contains("s3cret"), "\(line)")
        }
    }

    @Test func `a link to a link-local address is never followed`() async throws {
        let hosts = ResultHosts(results: [
            "metadata": #"["http://169.254.169.254/latest/meta-data?t=s3cret"]"#
        ])
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.provider = hosts.own.origin }
        let id = try await gateway.accepted(Self.job("metadata"))
        let line = try await gateway.program.line(of: \.errors, containing: "link-local")
        #expect(!line.contains("s3cret"))
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "archiving")
    }

    @Test func `a result link from a public provider to a private address is rejected`() async throws {
        // The hosts are also the proxy, which receives absolute URLs.
        let hosts = ResultHosts(results: [
            "inside": #"["FOREIGN/v.mp4"]"#, "outside": #"["http://cdn.test/v.mp4"]"#,
        ])
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.provider = "http://provider.test" }
        let program = try fixture.startGateway(config: config, environment: ["http_proxy": hosts.own.origin])
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        // A private proxy is configured by the operator and allowed.
        #expect(try await end("outside", gateway).task["status"]?.string == "completed")
        _ = try await gateway.accepted(Self.job("inside"))
        _ = try await program.line(of: \.errors, containing: "a loopback address")
        #expect(hosts.foreign.connections == 0)
    }
}
