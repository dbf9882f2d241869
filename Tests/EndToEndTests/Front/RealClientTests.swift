import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// HTTP clients from PyPI, and curl. `make deps` installs them.
@Suite(.timeLimit(.minutes(5))) struct RealClientTests {
    @Test
    func `clients see an early response to a large body, fast or slow, and bodies up to the limit pass`()
        async throws
    {
        let python = PythonPrograms.python
        try #require(
            ProjectFolder.isExecutable(python),
            "\(python) is missing: run 'make deps', which installs HTTP clients from PyPI")
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let config = try fixture.writeConfiguration {
            $0.listen = [.init(), .init(tls: SelfSignedCertificate.setting)]
            $0.bodyTimeout = "120s"
        }
        let gateway = try fixture.startGateway(config: config)
        let line = try await gateway.line(of: \.output, containing: "listening on ")
        let urls = line.split(separator: " ").map { $0.trimmingCharacters(in: [","]) }
            .filter { $0.contains("://127.0.0.1:") }.prefix(2)
        try #require(urls.count == 2, "\(line)")
        let run = try await Tools.run(
            python,
            [
                ProjectFolder.file("Tests/RealClients/early-responses"), urls[0], urls[1],
                "\(fixture.folder.path)/a.pem",
            ])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
    }
}
