import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The sources of the provider's key, with the executable.
@Suite(.timeLimit(.minutes(2))) struct KeySourceTests {
    /// Returns the last four characters of the key of the last create.
    private func sentKey(_ fixture: EndToEndFixture) async throws -> String? {
        try await fixture.ledger()["entries"]?.array?.last?["key"]?.string
    }

    @Test func `a key file that others can read stops serve and check, with a remedy`() async throws {
        let fixture = try await EndToEndFixture()
        let path = try fixture.folder.write("\(EndToEndFixture.key)\n", to: "provider.key", mode: 0o640)
        let config = try fixture.writeConfiguration { $0.apiKeyFile = path }
        for command in ["serve", "check"] {
            let ran = try await Tools.run("reelgate", [command, "--config", config])
            #expect(ran.status == 1)
            #expect(
                ran.errors.contains(
                    "provider.api_key_file: the file \(path): other users can read it (mode 640)\n"
                        + "    chmod 600 \(path)"), "\(ran.errors)")
            #expect(!(ran.errors + ran.text).contains(EndToEndFixture.key))
        }
    }

    @Test func `the key of a file is sent`() async throws {
        let fixture = try await EndToEndFixture()
        let path = try fixture.folder.write("first-key-1111\n", to: "provider.key", mode: 0o600)
        let program = try fixture.startGateway(
            config: try fixture.writeConfiguration { $0.apiKeyFile = path }, key: nil)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        _ = try await gateway.accepted()
        #expect(try await sentKey(fixture) == "1111")
    }

    @Test func `a credential is read as systemd creates it`() async throws {
        let fixture = try await EndToEndFixture()
        _ = try fixture.folder.write("credential-2222\n", to: "credentials/provider_api_key", mode: 0o440)
        let program = try fixture.startGateway(
            config: try fixture.writeConfiguration(),
            environment: ["CREDENTIALS_DIRECTORY": fixture.folder.path + "/credentials"], key: nil)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        _ = try await gateway.accepted()
        #expect(try await sentKey(fixture) == "2222")
    }

    @Test func `a key of the environment is removed from it`() async throws {
        let fixture = try await EndToEndFixture()
        let program = try fixture.startGateway(
            config: try fixture.writeConfiguration(), environment: ["OTHER_VARIABLE": "kept"])
        _ = try await program.listeningAddress()
        let path = "/proc/\(program.pid)/environ"
        guard geteuid() == 0 else {
            // The process is not dumpable, so its files belong to root.
            #expect(!FileManager.default.isReadableFile(atPath: path))
            return
        }
        let text = String(
            decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        #expect(text.contains("OTHER_VARIABLE=kept"))
        #expect(!text.contains(EndToEndFixture.key))
    }

    @Test(.enabled(if: geteuid() != 0, "root can read every process"), arguments: ["environ", "mem", "maps"])
    func `other processes of the user can read neither environment nor memory`(_ name: String) async throws {
        let fixture = try await EndToEndFixture()
        let program = try fixture.startGateway(config: try fixture.writeConfiguration())
        _ = try await program.listeningAddress()
        let read = try await Tools.run("head", ["-c", "1", "/proc/\(program.pid)/\(name)"])
        #expect(read.status == 1 && read.errors.contains("Permission denied"), "\(read.errors)")
    }
}
