import JSONText
import Testing
import VideoJobs
import YAMLText

/// What people are given to edit must be readable by the program. (That the settings decode to their
/// defaults is tested where the settings are.)
@Suite struct ConfigFileTests {
    @Test(arguments: SourceTree.paths(under: ["Config", "docker"]) { $0.hasSuffix(".yaml") })
    func `every file of configuration is YAML that we read`(_ path: String) throws {
        let document = try YAMLDocument(parsing: SourceTree.bytes(of: path))
        #expect(document.value.object != nil)
    }

    @Test func `the folder of configuration holds nothing else`() {
        #expect(
            SourceTree.paths(under: ["Config"]) { !$0.hasPrefix("Config/packaging/") } == [
                "Config/alerts.yaml", "Config/grafana/reelgate.json", "Config/models.yaml",
                "Config/reelgate.service", "Config/reelgate.socket",
                "Config/reelgate.yaml",
            ])
    }

    @Test func `the units of systemd pass one socket for each address, in the same order`() throws {
        let listen = try YAMLDocument(parsing: SourceTree.bytes(of: "Config/reelgate.yaml")).value["listen"]
        let addresses = listen?.array?.compactMap { $0["address"]?.string }
        #expect(Self.values(of: "ListenStream", in: "Config/reelgate.socket") == addresses)
        #expect(Self.values(of: "Accept", in: "Config/reelgate.socket") == ["no"])

        let service = "Config/reelgate.service"
        // The socket is optional, and neither starts before there is a key.
        #expect(Self.values(of: "Requires", in: service) == [])
        let condition = try #require(Self.values(of: "ConditionPathExists", in: service).first)
        #expect(Self.values(of: "ConditionPathExists", in: "Config/reelgate.socket") == [condition])
        #expect(Self.values(of: "Type", in: service) == ["notify"])
        let credential = try #require(Self.values(of: "LoadCredential", in: service).first)
        #expect(credential == "provider_api_key:\(condition)")
        // As long as the drain, and then some.
        let stop = try #require(Self.values(of: "TimeoutStopSec", in: service).first.flatMap { Int($0) })
        #expect(stop > 30)
    }

    private static func values(of key: String, in unit: String) -> [String] {
        SourceTree.text(of: unit).split(separator: "\n").filter { $0.hasPrefix("\(key)=") }
            .map { String($0.dropFirst(key.count + 1)) }
    }

    @Test func `the catalog has both commissioned models`() throws {
        let document = try YAMLDocument(parsing: SourceTree.bytes(of: "Config/models.yaml"))
        let catalog = try ModelCatalog(decoding: document.value)
        #expect(catalog.model("veo-3.1-reference-to-video") != nil)
        #expect(catalog.model("veo-3.1-fast-reference-to-video") != nil)
    }
}
