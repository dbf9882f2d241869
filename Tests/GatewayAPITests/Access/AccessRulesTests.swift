import GatewayAPI
import GatewayProtocol
import HTTPServing
import HTTPWire
import Testing

@Suite struct AccessRulesTests {
    @Test(arguments: [
        "127.0.0.1:8031", "localhost:8031", "LOCALHOST:8031", "[::1]:8031", "gate.example",
        "gate.example:443",
        "videos.lan:9000", "videos.lan:9001", "Videos.LAN", "proxy.lan:7000", "localhost.:8031",
        "gate.example.", "",
    ])
    func `a configured Host is accepted`(_ host: String) {
        #expect(refusal(host: host) == nil)
    }

    @Test(arguments: [
        "127.0.0.1:9999", "127.0.0.1", "localhost", "localhost:80", "[::1]", "[::1]:9", "proxy.lan:7001",
        "proxy.lan", "gate.example:8031",
    ])
    func `a configured Host is accepted on every port, because ports may be mapped`(_ host: String) {
        #expect(refusal(host: host) == nil)
    }

    @Test(arguments: ["10.42.0.17:8031", "192.168.1.5", "0.0.0.0:8031", "[fe80::1]:8031", "[::]:8031"])
    func `an address is accepted: only a name can be re-bound`(_ host: String) {
        #expect(refusal(host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8031", "localhost.evil.example:8031", "127.0.0.1.evil.example",
        "127.0.0.1:8031.evil.example", "1.2.3.4.5", "1.2.3.256", "1.2.3", "127.0.0.+1", "gate.example.evil",
        "xgate.example", "docker", "localhost..:8031",
    ])
    func `any other name is rejected`(_ host: String) {
        #expect(refusal(host: host)?.code == .hostNotAllowed)
        #expect(refusal(host: host)?.status == 403)
    }

    @Test(arguments: ["docker", "localhost", "evil.example:80", "", "127.0.0.1:8031"])
    func `any Host is accepted on a unix-domain socket`(_ host: String) {
        for method in ["GET", "POST"] {
            #expect(refusal(host: host, method: method, peer: RequestContext.unixPeer) == nil)
        }
    }

    @Test(arguments: ["/healthz", "/readyz"])
    func `health checks pass with every Host and Origin`(_ path: String) {
        let page = ["Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"]
        for host in ["evil.example", "", "10.0.0.7:8031"] {
            for method in ["GET", "HEAD", "OPTIONS"] {
                #expect(refusal(host: host, method: method, path: path) == nil)
                #expect(refusal(host: host, page, method: method, path: path) == nil)
            }
        }
        #expect(refusal(host: "evil.example", path: path + "x") != nil)
    }

    @Test func `a health check by OPTIONS passes, and a preflight does not`() {
        for path in ["/", "*"] {
            #expect(refusal(host: "www.example", method: "OPTIONS", path: path) == nil)
            let preflight = refusal(
                host: "localhost:8031", ["Origin": "https://evil.example"], method: "OPTIONS", path: path)
            #expect(preflight?.code == .crossSite)
        }
        #expect(refusal(host: "www.example", method: "OPTIONS", path: "/v1/tasks") != nil)
    }

    @Test(arguments: [
        "https://gate.example", "http://127.0.0.1:8031", "http://localhost:8031", "HTTP://LocalHost:8031",
        "https://videos.lan",
    ])
    func `a page of the gateway may call`(_ origin: String) {
        #expect(refusal(host: "localhost:8031", ["Origin": origin]) == nil)
    }

    @Test(arguments: [
        "http://evil.example", "http://localhost:3000", "http://localhost", "null", "", "file://",
        "localhost:8031",
        "https://gate.example.evil.example", "http://videos.lan:1",
    ])
    func `a page of another origin may not call`(_ origin: String) {
        let problem = refusal(host: "localhost:8031", ["Origin": origin])
        #expect(problem?.code == .crossSite)
        #expect(problem?.status == 403)
    }

    @Test func `an allowed host without a port allows the page on the called port`() {
        #expect(refusal(host: "videos.lan:9000", ["Origin": "http://videos.lan:9000"]) == nil)
        #expect(refusal(host: "videos.lan:9000", ["Origin": "http://videos.lan:9001"]) != nil)
    }

    @Test(arguments: [
        ("https://localhost", false, true), ("https://localhost:443", false, true),
        ("http://localhost", false, false), ("http://localhost:443", false, true),
        ("http://localhost", true, false), ("https://localhost", true, true),
        ("http://localhost:443", true, false),
    ])
    func `ports 80 and 443 are different origins, and a page without TLS may not call over TLS`(
        _ origin: String, _ isSecure: Bool, _ isServed: Bool
    ) throws {
        let rules = AccessRules(settings(listen: ["127.0.0.1:443"]))
        var head = RequestHead(method: "POST", path: "/", authority: "localhost:443")
        head.fields.append("Origin", origin)
        var context = RequestContext(requestID: "")
        context.secure = isSecure
        var isRejected = false
        do throws(Problem) { try rules.check(head, context) } catch { isRejected = true }
        #expect(isRejected == !isServed)
    }

    @Test func `a page that the browser calls same-site is another one, whatever the Host says`() {
        // Without a port in Host, behind a proxy, both schemes are possible.
        for (site, isRefused) in [("same-site", true), ("same-origin", false)] {
            let page = ["Origin": "https://proxy.lan", "Sec-Fetch-Site": site]
            let problem = refusal(host: "proxy.lan", page, method: "POST")
            #expect((problem?.code == .crossSite) == isRefused, "\(site)")
        }
    }

    @Test(arguments: [("cross-site", true), ("same-origin", false), ("same-site", false), ("none", false)])
    func `Sec-Fetch-Site decides`(_ site: String, _ isRefused: Bool) {
        let problem = refusal(host: "localhost:8031", ["Sec-Fetch-Site": site])
        #expect((problem?.code == .crossSite) == isRefused)
    }

    @Test func `a page on another port is same-site and may not use unsafe methods`() {
        let other = ["Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3000"]
        #expect(refusal(host: "localhost:8031", other, method: "POST")?.code == .crossSite)
        let silent = ["Sec-Fetch-Site": "same-site"]
        #expect(refusal(host: "localhost:8031", silent, method: "POST")?.code == .crossSite)
        let own = ["Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8031"]
        #expect(refusal(host: "localhost:8031", own, method: "POST") == nil)
        #expect(refusal(host: "localhost:8031", ["Sec-Fetch-Site": "same-origin"], method: "POST") == nil)
    }

    @Test(arguments: ["document", "iframe", "frame", "embed", "object", "video", "image", "empty", ""])
    func `only a top-level navigation from another site is allowed`(_ destination: String) {
        let link = [
            "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": destination,
        ]
        let isServed = destination == "document"
        #expect((refusal(host: "localhost:8031", link) == nil) == isServed)
        // An unsafe method or a foreign Host is rejected all the same.
        #expect(refusal(host: "localhost:8031", link, method: "POST")?.code == .crossSite)
        #expect(refusal(host: "evil.example", link)?.code == .hostNotAllowed)
        var fetched = link
        fetched["Sec-Fetch-Mode"] = "no-cors"
        #expect(refusal(host: "localhost:8031", fetched)?.code == .crossSite)
    }

    @Test func `of repeated fields the foreign one decides`() {
        var head = RequestHead(method: "POST", path: "/", authority: "localhost:8031")
        head.fields.append("Origin", "http://localhost:8031")
        head.fields.append("Origin", "https://evil.example")
        #expect(refusal(rules, head)?.code == .crossSite)
        head = RequestHead(method: "GET", path: "/", authority: "localhost:8031")
        for site in ["same-origin", "cross-site"] { head.fields.append("Sec-Fetch-Site", site) }
        #expect(refusal(rules, head)?.code == .crossSite)
    }

    @Test func `port 0 stands for any port`() {
        let chosen = AccessRules(settings(listen: ["127.0.0.1:0"]))
        let head = RequestHead(method: "GET", path: "/", authority: "127.0.0.1:40123")
        #expect(refusal(chosen, head) == nil)
    }

    private var rules: AccessRules {
        AccessRules(
            settings(listen: ["127.0.0.1:8031"]), healthCheckPaths: ["/healthz", "/readyz"])
    }

    private func settings(listen: [String]) -> APISettings {
        var settings = APISettings(
            publicURL: "https://gate.example/", listen: listen, sha256: { _ in "" },
            tokenDigest: APIHarness.digest)
        settings.allowedHosts = ["videos.lan", "proxy.lan:7000"]
        return settings
    }

    private func refusal(
        host: String, _ fields: [String: String] = [:], method: String = "GET", path: String = "/",
        peer: String = "127.0.0.1:50000"
    ) -> Problem? {
        var head = RequestHead(method: method, path: path, authority: host)
        for (name, value) in fields { head.fields.append(name, value) }
        return refusal(rules, head, peer: peer)
    }

    private func refusal(
        _ rules: AccessRules, _ head: RequestHead, peer: String = "127.0.0.1:50000"
    ) -> Problem? {
        do throws(Problem) {
            try rules.check(head, RequestContext(requestID: "", peer: peer))
            return nil
        } catch {
            return error
        }
    }
}
