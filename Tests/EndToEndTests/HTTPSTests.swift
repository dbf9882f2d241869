import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// HTTPS with certificates of a temporary authority.
@Suite struct HTTPSTests {
    @Test func `a job is sent over HTTPS by curl and by the commands`() async throws {
        let fixture = try await EndToEndFixture()
        try await makeCertificates(in: fixture.folder.path)
        let gateway = try await start(fixture, "{certificate: a.pem, key: a.key}")
        let url = try await gateway.listeningAddress()
        #expect(url.hasPrefix("https://127.0.0.1:"))
        let trusting = ["--cacert", "\(fixture.folder.path)/ca.pem"]
        let response = try await Curl.post(
            "\(url)/v1/videos/generations", GatewayUnderTest.exampleJob, trusting)
        #expect(response.status == 200, "\(response.text)")
        let id = try #require(response.json()["id"]?.string)
        let shown = try await Tools.run(
            "reelgate", ["tasks", "show", id, "--gateway", url],
            environment: ["SSL_CERT_FILE": "\(fixture.folder.path)/ca.pem"])
        #expect(shown.status == 0 && shown.text.contains(id), "\(shown.errors)")
        let stranger = try await Tools.run("reelgate", ["tasks", "show", id, "--gateway", url])
        #expect(stranger.status == 3, "\(stranger.errors)")
    }

    @Test func `SIGHUP loads the new certificate, or keeps the old one and logs why`() async throws {
        let fixture = try await EndToEndFixture()
        let folder = fixture.folder.path
        try await makeCertificates(in: folder)
        let gateway = try await start(fixture, "{certificate: a.pem, key: a.key}")
        let url = try await gateway.listeningAddress()
        #expect(try await serial(of: url) == "0A")
        try await run("cp b.pem a.pem; cp b.key a.key", in: folder)
        gateway.signal(SIGHUP)
        _ = try await gateway.line(of: \.errors, containing: "certificates reloaded")
        #expect(try await serial(of: url) == "0B")
        try await run("rm a.key", in: folder)
        gateway.signal(SIGHUP)
        let line = try await gateway.line(of: \.errors, containing: "the configuration cannot be reloaded")
        #expect(line.contains("a.key cannot be read"))
        #expect(try await serial(of: url) == "0B")
    }

    @Test func `the simulator speaks https too, in both versions`() async throws {
        let fixture = try await EndToEndFixture()
        try await makeCertificates(in: fixture.folder.path)
        let simulator = try RunningProgram(
            Tools.reelgate,
            ["simulate", "--listen", "127.0.0.1:0", "--certificate", "a.pem", "--key", "a.key"],
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
        let url = try await simulator.listeningAddress()
        for version in ["--http1.1", "--http2"] {
            let response = try await Curl.post(
                "\(url)/_simulator/echo", "hello", [version, "--cacert", "\(fixture.folder.path)/ca.pem"])
            #expect(response.status == 200 && response.text == "hello")
        }
        let half = try await Tools.run("reelgate", ["simulate", "--certificate", "a.pem"])
        #expect(half.status == 2 && half.errors.contains("must be used together"))
    }

    @Test func `the log has the reason of a rejected client once`() async throws {
        let fixture = try await EndToEndFixture()
        let folder = fixture.folder.path
        try await makeCertificates(in: folder)
        try await run(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.pem \
              -subj /CN=stranger -days 9
            """, in: folder)
        let gateway = try await start(fixture, "{certificate: a.pem, key: a.key, client_ca: ca.pem}")
        let address = try await gateway.listeningAddress().dropFirst("https://".count)
        for options in ["", "", "-cert s.pem -key s.key", "-cert s.pem -key s.key", "-tls1_1"] {
            let script = "timeout 30 openssl s_client -connect \(address) \(options) < /dev/null"
            _ = try await Tools.run("bash", ["-c", script], folder: folder)
        }
        let reasons = [
            "peer did not return a certificate", "certificate verify failed: self-signed certificate",
            "unsupported protocol",
        ]
        for reason in reasons {
            _ = try await gateway.line(of: \.errors, containing: reason)
        }
        let welcome = try await Curl.get(
            "https://\(address)/healthz",
            ["--cacert", "\(folder)/ca.pem", "--cert", "\(folder)/b.pem", "--key", "\(folder)/b.key"])
        #expect(welcome.status == 200)
    }

    @Test func `failures are logged once a minute for each reason, with their number`() {
        var tally = FailureTally()
        #expect(tally.record("a", at: 0) == 0)
        #expect(tally.record("a", at: 1) == nil && tally.record("a", at: FailureTally.quiet - 1) == nil)
        #expect(tally.record("b", at: 2) == 0)
        #expect(tally.record("a", at: FailureTally.quiet) == 2)
        // Beyond the limit of distinct reasons, failures are only counted.
        let logged = (0..<1000).compactMap { tally.record("reason \($0)", at: FailureTally.quiet) }
        #expect(logged == [Int](repeating: 0, count: FailureTally.reasonsMax - 1))
    }

    @Test func `check and serve name bad files with a line and a remedy`() async throws {
        let fixture = try await EndToEndFixture()
        try await makeCertificates(in: fixture.folder.path)
        let config = try write(fixture, "{certificate: a.pem, key: b.key}")
        for command in ["check", "serve"] {
            let ran = try await Tools.run(
                "reelgate", [command, "--config", config],
                environment: ["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key], folder: fixture.folder.path)
            #expect(ran.status == 1)
            #expect(
                ran.errors.contains(
                    "reelgate.yaml:3: listen.0.tls.key: b.key is not the key of the certificate in a.pem\n"
                        + "    specify the key that belongs to the certificate"), "\(ran.errors)")
        }
    }

    private func start(_ fixture: EndToEndFixture, _ tls: String) async throws -> RunningProgram {
        try fixture.startGateway(config: try write(fixture, tls))
    }

    private func write(_ fixture: EndToEndFixture, _ tls: String) throws -> String {
        try fixture.writeConfiguration { $0.listen = [.init(tls: tls)] }
    }

    private func serial(of url: String) async throws -> String {
        let address = url.dropFirst("https://".count)
        let ran = try await Tools.run(
            "bash",
            [
                "-c",
                "timeout 30 openssl s_client -connect \(address) < /dev/null | openssl x509 -noout -serial",
            ])
        return String(ran.text.dropFirst("serial=".count).prefix(2))
    }

    private func makeCertificates(in folder: String) async throws {
        try await run(
            """
            key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            openssl req -x509 $key -keyout ca.key -out ca.pem -subj /CN=ca -days 9
            printf 'subjectAltName=IP:127.0.0.1' > host
            for name in a b; do
              openssl req -new $key -keyout $name.key -subj /CN=$name -out $name.csr
              openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -set_serial 0x0$name -days 9 \
                -extfile host -out $name.pem
            done
            """, in: folder)
    }

    private func run(_ script: String, in folder: String) async throws {
        let ran = try await Tools.run("bash", ["-ec", script], folder: folder)
        try #require(ran.status == 0, "\(ran.errors)")
    }
}
