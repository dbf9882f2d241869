import GatewayAPI
import Testing

@testable import Reelgate

/// The comparison of two configurations, setting by setting.
@Suite struct SettingComparisonTests {
    @Test func `every setting is compared`() {
        #expect(Self.leaves(of: Settings()) == SettingComparison.all.count)
        let keys = SettingComparison.all.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    /// Returns the number of values in a section and the sections within.
    private static func leaves(of section: Any) -> Int {
        Mirror(reflecting: section).children.map { child in
            String(reflecting: type(of: child.value)).hasPrefix("Reelgate.Settings.")
                && Mirror(reflecting: child.value).displayStyle == .struct ? leaves(of: child.value) : 1
        }.reduce(0, +)
    }

    @Test func `the differences are named by their keys`() {
        var changed = Settings()
        #expect(changed.differences(from: Settings()) == [])
        changed.provider.poll.slowest = .seconds(61)
        changed.access.cors = ["https://a.example"].compactMap { WebOrigin($0) }
        changed.log.level = .debug
        #expect(
            changed.differences(from: Settings()) == ["provider.poll.slowest", "access.cors", "log.level"])
    }

    @Test func `the settings of the dashboard are settings, and none is the path of a secret`() {
        let shown = Settings().shown.map(\.key)
        #expect(Set(shown).count == shown.count)
        #expect(Set(shown).isSubset(of: SettingComparison.all.map(\.key)))
        #expect(!shown.contains { $0.hasSuffix("_file") || $0.hasSuffix("_files") })
    }

    @Test func `a key is read again from the file that the settings name now`() {
        var settings = Settings()
        #expect(APIKeySource.file("old").following(settings) == .file("old"))
        settings.provider.apiKeyFile = "new"
        #expect(APIKeySource.file("old").following(settings) == .file("new"))
        #expect(APIKeySource.file("old").following(nil) == .file("old"))
        #expect(APIKeySource.environment.following(settings) == .environment)
        #expect(APIKeySource.credential("c").following(settings) == .credential("c"))
    }
}
