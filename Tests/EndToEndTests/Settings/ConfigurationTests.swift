import FoundationEssentials
import ProcessTestSupport
import Testing

@testable import Reelgate

/// Where configuration files are found, and the messages about them.
@Suite struct ConfigurationTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func load(flag: String? = nil, _ environment: [String: String] = [:]) throws -> Configuration {
        try Configuration.load(
            flags: SettingsFlags(config: flag, listen: nil), environment: environment,
            folder: ConfigurationFolder(prefix: folder.path + "/"))
    }

    @Test func `the embedded files contain the defaults`() throws {
        let configuration = try load()
        #expect(configuration.settings == Settings())
        #expect(configuration.catalog.path == nil)
    }

    @Test func `the file of the project has every key`() throws {
        let text = String(decoding: PackageResources.reelgate_yaml, as: UTF8.self)
        for key in [
            "listen", "public_url", "allowed_hosts", "loops", "provider", "submit_wait", "store", "archive",
            "access", "limits", "log",
        ] {
            #expect(text.contains("\n\(key):"), "\(key)")
        }
    }

    @Test func `a file of comments sets nothing`() throws {
        let path = try folder.write("# submit_wait: 1s\n", to: "empty.yaml")
        #expect(try load(flag: path).settings == Settings())
    }

    @Test func `the flag overrides the variable, the variable the default path, each with its own catalog`()
        throws
    {
        _ = try folder.write("submit_wait: 1s", to: "Config/reelgate.yaml")
        _ = try folder.write("models: [1]", to: "Config/models.yaml")
        let other = try folder.write("submit_wait: 2s", to: "other/mine.yaml")
        let third = try folder.write("submit_wait: 3s", to: "third/mine.yaml")
        _ = try folder.write("models: [3]", to: "third/models.yaml")
        #expect(try load().settings.submitWait == .seconds(1))
        #expect(try load().catalog.bytes == Array("models: [1]".utf8))
        let variable = ["REELGATE_CONFIG": other]
        #expect(try load(variable).settings.submitWait == .seconds(2))
        #expect(try load(variable).catalog.path == nil)
        #expect(try load(flag: third, variable).settings.submitWait == .seconds(3))
        #expect(try load(flag: third, variable).catalog.bytes == Array("models: [3]".utf8))
    }

    @Test func `issues have a file and a line, also for invalid YAML`() throws {
        let wrong = try folder.write("loops: auto\nprovider:\n  max_in_flght: 3\n", to: "wrong.yaml")
        let failure = #expect(throws: SettingsError.self) { try load(flag: wrong) }
        #expect(
            failure?.description
                == "\(wrong):3: provider.max_in_flght: unknown key\n    did you mean max_in_flight?")
        let broken = try folder.write("loops: auto\nloops: 3\n", to: "broken.yaml")
        let second = #expect(throws: SettingsError.self) { try load(flag: broken) }
        #expect(second?.description.hasPrefix("\(broken):1: duplicate key loops") == true)
    }

    @Test func `a base URL that sends the key in cleartext causes a warning`() throws {
        let exposed = ["REELGATE_PROVIDER_BASE_URL": "http://api.example.com"]
        #expect(try load(exposed).warnings.count == 1)
        #expect(try load().warnings == [])
    }

    @Test func `a missing file is reported with the origin of its path`() throws {
        let path = folder.path + "/none.yaml"
        let failure = #expect(throws: SettingsError.self) { try load(flag: path) }
        #expect(failure?.description == "--config: \(path): there is no such file")
        let second = #expect(throws: SettingsError.self) { try load(["REELGATE_CONFIG": path]) }
        #expect(second?.description == "REELGATE_CONFIG: \(path): there is no such file")
    }
}
