import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// Files as written by Windows editors and shells: with a byte order mark, CR LF, or UTF-16.
@Suite(.timeLimit(.minutes(3))) struct ByteOrderMarkTests {
    enum Encoding: CaseIterable, Sendable { case utf8, littleEndian, bigEndian }

    private func write(_ text: String, as encoding: Encoding, to path: String) throws {
        let text = "\u{FEFF}" + text.replacing("\n", with: "\r\n")
        let data =
            switch encoding {
            case .utf8: Data(text.utf8)
            case .littleEndian: try #require(text.data(using: .utf16LittleEndian))
            case .bigEndian: try #require(text.data(using: .utf16BigEndian))
            }
        try data.write(to: URL(filePath: path))
    }

    /// Writes configuration, catalog, key, a valid job and an invalid one.
    private func writeFiles(in fixture: EndToEndFixture, as encoding: Encoding) throws {
        let folder = fixture.folder.path
        try write("\(EndToEndFixture.key)\n", as: encoding, to: folder + "/provider.key")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder + "/provider.key")
        var configuration = GatewayYAML(provider: fixture.provider)
        configuration.apiKeyFile = "\(folder)/provider.key"
        configuration.store = folder
        configuration.archive = "\(folder)/archive"
        try write(configuration.text, as: encoding, to: folder + "/mine.yaml")
        let catalog = """
            models:
              - id: mine
                mode: text
                parameters: [{prompt: {type: string, required: true}}]

            """
        try write(catalog, as: encoding, to: folder + "/models.yaml")
        try write(
            "{\n  \"model\": \"mine\",\n  \"prompt\": \"Ein Gärtner 花\"\n}\n", as: encoding,
            to: folder + "/job.json")
        try write(
            "{\n  \"model\": \"mine\",\n  \"promt\": \"p\"\n}\n", as: encoding, to: folder + "/bad.json")
    }

    @Test(arguments: Encoding.allCases)
    func `configuration, catalog, key and job files are read`(_ encoding: Encoding) async throws {
        let fixture = try await EndToEndFixture()
        let folder = fixture.folder.path
        try writeFiles(in: fixture, as: encoding)
        let checked = try await Tools.run(
            "reelgate", ["check", "--config", "mine.yaml", "job.json"], folder: folder)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(!checked.errors.contains("key for the provider"), "\(checked.errors)")
        let bad = try await Tools.run(
            "reelgate", ["check", "--config", "mine.yaml", "bad.json"], folder: folder)
        #expect(bad.status == 1)
        #expect(bad.errors.contains("bad.json:3: /promt: "), "\(bad.errors)")

        let program = try RunningProgram(
            Tools.reelgate, ["serve", "--config", "mine.yaml"], environment: Tools.baseEnvironment,
            folder: folder)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        let models = try await Curl.get("\(gateway.url)/v1/models").json()["data"]?.array
        #expect(models?.map { $0["id"]?.string } == ["mine"])
    }

    @Test func `a request body with a byte order mark is rejected`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit("\u{FEFF}" + GatewayUnderTest.exampleJob)
        #expect(response.status == 400)
        #expect(response.text.contains("byte order mark"), "\(response.text)")
    }

    @Test func `invalid UTF-16 is an error with a reason`() async throws {
        let folder = try ScratchFolder()
        try Data([0xFF, 0xFE, 0x00, 0xD8, 0x00]).write(to: URL(filePath: folder.path + "/mine.yaml"))
        let checked = try await Tools.run(
            "reelgate", ["check", "--config", "mine.yaml"], folder: folder.path)
        #expect(checked.status == 1)
        #expect(checked.errors.contains("save it as UTF-8"), "\(checked.errors)")
    }
}
