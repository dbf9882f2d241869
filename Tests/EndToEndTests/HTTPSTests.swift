import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// The real program with certificates of a throw-away authority.
@Suite struct HTTPSTests {
    @Test func `a job goes over https, by curl and by our own commands`() async throws {
        let house = try await EndToEndFixture()
        try await makeCertificates(in: house.folder.path)
        let gateway = try await start(house, "{certificate: a.pem, key: a.key}")
        let url = try await gateway.listeningAddress()
        #expect(url.hasPrefix("https://127.0.0.1:"))
        let trusting = ["--cacert", "\(house.folder.path)/ca.pem"]
        let answer = try await Curl.post(
            "\(url)/v1/videos/generations", GatewayUnderTest.exampleJob, trusting)
        #expect(answer.status == 200, "\(answer.text)")
        let id = try #require(answer.json()["id"]?.string)
        let shown = try await Tools.run(
            "reelgate", ["tasks", "show", id, "--gateway", url],
            environment: ["SSL_CERT_FILE": "\(house.folder.path)/ca.pem"])
        #expect(shown.status == 0 && shown.text.contains(id), "\(shown.errors)")
        let stranger = try await Tools.run("reelgate", ["tasks", "show", id, "--gateway", url])
        #expect(stranger.status == 3, "\(stranger.errors)")
    }

    @Test func `SIGHUP shows the new certificate, or keeps the old and says why`() async throws {
        let house = try await EndToEndFixture()
        let folder = house.folder.path
        try await makeCertificates(in: folder)
        let gateway = try await start(house, "{certificate: a.pem, key: a.key}")
        let url = try await gateway.listeningAddress()
        #expect(try await serial(of: url) == "0A")
        try await run("cp b.pem a.pem; cp b.key a.key", in: folder)
        gateway.signal(SIGHUP)
        _ = try await gateway.line(of: \.errors, having: "certificates reloaded")
        #expect(try await serial(of: url) == "0B")
        try await run("rm a.key", in: folder)
        gateway.signal(SIGHUP)
        let line = try await gateway.line(of: \.errors, having: "the current certificate is kept")
        #expect(line.contains("a.key cannot be read"))
        #expect(try await serial(of: url) == "0B")
    }

    @Test func `the simulator speaks https too, in both versions`() async throws {
        let house = try await EndToEndFixture()
        try await makeCertificates(in: house.folder.path)
        let simulator = try RunningProgram(
            Tools.reelgate,
            ["simulate", "--listen", "127.0.0.1:0", "--certificate", "a.pem", "--key", "a.key"],
            environment: Tools.surroundings, folder: house.folder.path)
        let url = try await simulator.listeningAddress()
        for version in ["--http1.1", "--http2"] {
            let answer = try await Curl.post(
                "\(url)/_simulator/echo", "hello", [version, "--cacert", "\(house.folder.path)/ca.pem"])
            #expect(answer.status == 200 && answer.text == "hello")
        }
        let half = try await Tools.run("reelgate", ["simulate", "--certificate", "a.pem"])
        #expect(half.status == 2 && half.errors.contains("must be used together"))
    }

    @Test func `the log says once why a client does not get in`() async throws {
        let house = try await EndToEndFixture()
        let folder = house.folder.path
        try await makeCertificates(in: folder)
        try await run(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.pem \
              -subj /CN=stranger -days 9
            """, in: folder)
        let gateway = try await start(house, "{certificate: a.pem, key: a.key, client_ca: ca.pem}")
        let place = try await gateway.listeningAddress().dropFirst("https://".count)
        for options in ["", "", "-cert s.pem -key s.key", "-cert s.pem -key s.key", "-tls1_1"] {
            let script = "timeout 30 openssl s_client -connect \(place) \(options) < /dev/null"
            _ = try await Tools.run("bash", ["-c", script], folder: folder)
        }
        let reasons = [
            "peer did not return a certificate", "certificate verify failed: self-signed certificate",
            "unsupported protocol",
        ]
        for reason in reasons {
            _ = try await gateway.line(of: \.errors, having: reason)
            #expect(gateway.errors.text.components(separatedBy: reason).count == 2, "said once a minute")
        }
        let welcome = try await Curl.get(
            "https://\(place)/healthz",
            ["--cacert", "\(folder)/ca.pem", "--cert", "\(folder)/b.pem", "--key", "\(folder)/b.key"])
        #expect(welcome.status == 200)
    }

    @Test func `failures are told once a minute for each reason, with how many there were`() {
        var tally = FailureTally()
        #expect(tally.record("a", at: 0) == 0)
        #expect(tally.record("a", at: 1) == nil && tally.record("a", at: FailureTally.quiet - 1) == nil)
        #expect(tally.record("b", at: 2) == 0)
        #expect(tally.record("a", at: FailureTally.quiet) == 2)
        // Of more reasons than are told apart one is told of, and the rest counted.
        let told = (0..<1000).compactMap { tally.record("reason \($0)", at: FailureTally.quiet) }
        #expect(told == [Int](repeating: 0, count: FailureTally.reasonsMax - 1))
    }

    @Test func `bad files are named with line and remedy, by check and by serve`() async throws {
        let house = try await EndToEndFixture()
        try await makeCertificates(in: house.folder.path)
        let config = try write(house, "\n      {certificate: a.pem, key: b.key}")
        for command in ["check", "serve"] {
            let ran = try await Tools.run(
                "reelgate", [command, "--config", config],
                environment: ["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key], folder: house.folder.path)
            #expect(ran.status == 1)
            #expect(
                ran.errors.contains(
                    "reelgate.yaml:4: listen.0.tls.key: b.key is not the key of the certificate in a.pem\n"
                        + "    specify the key that belongs to the certificate"), "\(ran.errors)")
        }
    }

    private func start(_ house: EndToEndFixture, _ tls: String) async throws -> RunningProgram {
        try house.startGateway(config: try write(house, tls))
    }

    private func write(_ house: EndToEndFixture, _ tls: String) throws -> String {
        let rest = try String(
            contentsOfFile: house.writeConfig(provider: house.provider), encoding: .utf8
        )
        .split(separator: "\n").dropFirst(2).joined(separator: "\n")
        return try house.folder.write(
            "listen:\n  - address: 127.0.0.1:0\n    tls: \(tls)\n\(rest)", to: "reelgate.yaml")
    }

    private func serial(of url: String) async throws -> String {
        let place = url.dropFirst("https://".count)
        let ran = try await Tools.run(
            "bash",
            ["-c", "timeout 30 openssl s_client -connect \(place) < /dev/null | openssl x509 -noout -serial"])
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
