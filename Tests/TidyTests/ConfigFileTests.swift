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
            SourceTree.paths(under: ["Config"]) { _ in true } == [
                "Config/models.yaml", "Config/reelgate.yaml",
            ])
    }

    @Test func `the catalog has both commissioned models`() throws {
        let document = try YAMLDocument(parsing: SourceTree.bytes(of: "Config/models.yaml"))
        let catalog = try ModelCatalog(decoding: document.value)
        #expect(catalog.model("veo-3.1-reference-to-video") != nil)
        #expect(catalog.model("veo-3.1-fast-reference-to-video") != nil)
    }
}
