import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// A paid result is not given up for a formality: odd links, redirects, keys and contents.
@Suite(.timeLimit(.minutes(3))) struct ResultLinkTests {
    private static func job(_ prompt: String) -> String {
        let example = GatewayUnderTest.exampleJob
        return example.replacing("A woman walking through a garden", with: prompt)
    }

    /// The task of a job, once it has ended.
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

    @Test func `links that a browser can follow are followed`() async throws {
        let hosts = ResultHosts(results: [
            "redirect": #"[{"url":"OWN/moved"}]"#, "space": #"["OWN/a b.mp4?x=ä"]"#,
            "trimmed": #"[" OWN/t.mp4\n"]"#, "relative": #"[{"url":"/files/r.mp4"}]"#,
            "keyed": #"["OWN/keyed"]"#, "handover": #"["OWN/handover"]"#, "foreign": #"["FOREIGN/moved"]"#,
        ])
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
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
        // The key was shown where it was asked for, and nowhere else.
        #expect(own.filter(ResultHosts.hasKey).map(\.target) == ["/keyed", "/handover"])
        #expect(foreign.count == 3 && !foreign.contains(where: ResultHosts.hasKey))
        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        #expect(!(await errors(of: gateway)).contains("s3cret"))
    }

    @Test func `each result is judged alone`() async throws {
        let hosts = ResultHosts(results: [
            "cover": #"["OWN/cover.jpg",{"url":"OWN/v.mp4"}]"#, "partly": #"["OWN/v.mp4","OWN/gone"]"#,
            "mixed": #"["data:video/mp4;base64,AAAA","OWN/v.mp4"]"#,
        ])
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
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
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
        let (id, task) = try await end("broken", gateway)
        #expect(task["status"]?.string == "completed")
        let result = try #require(task["results"]?.array?.first)
        #expect(result["verified"]?.bool == false)
        #expect(result["content_type"]?.string == "video/mp4")
        let content = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(content.body == Array(ResultHosts.video.dropLast(1_000)))
        #expect(content.fields["x-content-type-options"] == "nosniff")
        #expect(content.fields["content-disposition"]?.hasPrefix("attachment") == true)
        _ = try await gateway.program.line(of: \.errors, having: "without having been verified")
        #expect(ResultHosts.downloads(at: hosts.own).count == 2)
    }

    @Test func `what is no media is kept aside and asked for again`() async throws {
        let hosts = ResultHosts(results: ["page": #"["OWN/page"]"#])
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
        let id = try await gateway.accepted(Self.job("page"))
        for _ in 0..<2 { _ = try await gateway.program.line(of: \.errors, having: "it is kept aside") }
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "archiving")
        let kept = try await Tools.run(
            "grep", ["-rl", "one moment", house.folder.path + "/data/archive/aside"])
        #expect(kept.lines.count == 1, "\(kept.text)")
    }

    @Test func `a link that is not http or https ends the task after a few polls, and the log says so`()
        async throws
    {
        let hosts = ResultHosts(results: [
            "data": #"["data:video/mp4;base64,AAAAs3cret"]"#, "empty": #"[""]"#,
        ])
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
        for (prompt, message) in [("data", "neither http nor https but data:"), ("empty", "is empty")] {
            let (_, task) = try await end(prompt, gateway)
            #expect(task["error"]?["code"]?.string == "result_lost")
            #expect(task["error"]?["message"]?.string?.contains(message) == true)
            let line = try await gateway.program.line(of: \.errors, having: message)
            #expect(line.contains("warning") && !line.contains("s3cret"), "\(line)")
        }
    }

    @Test func `a link to a link-local address is never followed`() async throws {
        let hosts = ResultHosts(results: [
            "metadata": #"["http://169.254.169.254/latest/meta-data?t=s3cret"]"#
        ])
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway(provider: hosts.own.origin)
        let id = try await gateway.accepted(Self.job("metadata"))
        let line = try await gateway.program.line(of: \.errors, having: "link-local")
        #expect(!line.contains("s3cret"))
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "archiving")
    }

    @Test func `a provider with a public name is not believed when it points at this machine`() async throws {
        // The hosts serve as the proxy, too: it is asked for whole URLs.
        let hosts = ResultHosts(results: [
            "inside": #"["FOREIGN/v.mp4"]"#, "outside": #"["http://cdn.test/v.mp4"]"#,
        ])
        let house = try await EndToEndFixture()
        let config = try house.writeConfig(provider: "http://provider.test")
        let program = try house.startGateway(config: config, environment: ["http_proxy": hosts.own.origin])
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        // A private proxy is the operator's choice and passes.
        #expect(try await end("outside", gateway).task["status"]?.string == "completed")
        _ = try await gateway.accepted(Self.job("inside"))
        _ = try await program.line(of: \.errors, having: "a loopback address")
        #expect(hosts.foreign.connections == 0)
    }
}
