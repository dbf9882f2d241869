import GatewayAPI
import HTTPWire
import Testing

@Suite struct AccessRulesTests {
    @Test(arguments: [
        "127.0.0.1:8031", "localhost:8031", "LOCALHOST:8031", "[::1]:8031", "gate.example",
        "gate.example:443",
        "videos.lan:9000", "videos.lan:9001", "Videos.LAN", "proxy.lan:7000",
    ])
    func `a Host of ours is answered`(_ host: String) {
        #expect(refusal(host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8031", "127.0.0.1:8032", "127.0.0.1", "localhost",
        "localhost.evil.example:8031",
        "127.0.0.1:8031.evil.example", "proxy.lan:7001", "proxy.lan", "gate.example:8031", "", "[::1]",
        "[::1]:80312",
    ])
    func `another Host is refused`(_ host: String) {
        #expect(refusal(host: host)?.code == "host_not_allowed")
        #expect(refusal(host: host)?.status == 403)
    }

    @Test(arguments: [
        "https://gate.example", "http://127.0.0.1:8031", "http://localhost:8031", "HTTP://LocalHost:8031",
    ])
    func `a page of ours may call`(_ origin: String) {
        #expect(refusal(host: "localhost:8031", ["Origin": origin]) == nil)
    }

    @Test(arguments: [
        "http://evil.example", "http://localhost:3000", "http://localhost", "null", "", "file://",
        "localhost:8031",
        "https://gate.example.evil.example", "http://videos.lan:1",
    ])
    func `a page of another origin may not`(_ origin: String) {
        let problem = refusal(host: "localhost:8031", ["Origin": origin])
        #expect(problem?.code == "cross_site")
        #expect(problem?.status == 403)
    }

    @Test func `a name without a port holds for the page on the port that was called`() {
        #expect(refusal(host: "videos.lan:9000", ["Origin": "http://videos.lan:9000"]) == nil)
        #expect(refusal(host: "videos.lan:9000", ["Origin": "http://videos.lan:9001"]) != nil)
    }

    @Test(arguments: [("cross-site", true), ("same-origin", false), ("same-site", false), ("none", false)])
    func `what a browser says of the page counts`(_ site: String, _ isRefused: Bool) {
        let problem = refusal(host: "localhost:8031", ["Sec-Fetch-Site": site])
        #expect((problem?.code == "cross_site") == isRefused)
    }

    @Test func `a chosen port is any port, and a unix-domain socket is localhost`() {
        let chosen = AccessRules(settings(listen: ["127.0.0.1:0"]))
        #expect(refusal(chosen, host: "127.0.0.1:40123") == nil)
        #expect(refusal(chosen, host: "evil.example:40123") != nil)
        let unix = AccessRules(settings(listen: ["unix:/run/reelgate.sock"]))
        #expect(refusal(unix, host: "localhost") == nil)
        #expect(refusal(unix, host: "127.0.0.1:8031") != nil)
    }

    @Test func `a wildcard address is no name`() {
        let all = AccessRules(settings(listen: ["0.0.0.0:8031", "[::]:8031"]))
        #expect(refusal(all, host: "localhost:8031") == nil)
        #expect(refusal(all, host: "0.0.0.0:8031") != nil)
        #expect(refusal(all, host: "[::]:8031") != nil)
    }

    private func settings(listen: [String]) -> APISettings {
        var settings = APISettings(publicURL: "https://gate.example/", listen: listen) { _ in "" }
        settings.allowedHosts = ["videos.lan", "proxy.lan:7000"]
        return settings
    }

    private func refusal(host: String, _ fields: [String: String] = [:]) -> Problem? {
        refusal(AccessRules(settings(listen: ["127.0.0.1:8031"])), host: host, fields)
    }

    private func refusal(_ rules: AccessRules, host: String, _ fields: [String: String] = [:]) -> Problem? {
        var head = RequestHead(method: "GET", path: "/", authority: host)
        for (name, value) in fields { head.fields.append(name, value) }
        do throws(Problem) {
            try rules.check(head)
            return nil
        } catch {
            return error
        }
    }
}
