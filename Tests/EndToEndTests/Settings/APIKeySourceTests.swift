import JSONText
import TLS
import Testing

@testable import Reelgate

@Suite struct APIKeySourceTests {
    private func choose(
        _ environment: [String: String], file: String? = nil, credential: Bool = false
    ) throws
        -> APIKeySource
    {
        var settings = Settings()
        settings.provider.apiKeyFile = file
        return try APIKeySource.choose(settings, environment: environment, fileExists: { _ in credential })
    }

    @Test func `the key is read from its only source`() throws {
        #expect(try choose(["REELGATE_PROVIDER_API_KEY": "k"]) == .environment)
        #expect(try choose([:], file: "/etc/key") == .file("/etc/key"))
        let folder = ["CREDENTIALS_DIRECTORY": "/run/credentials/reelgate"]
        #expect(
            try choose(folder, credential: true) == .credential("/run/credentials/reelgate/provider_api_key"))
    }

    @Test func `the key of the environment overrides the settings file`() throws {
        #expect(try choose(["REELGATE_PROVIDER_API_KEY": "k"], file: "/etc/key") == .environment)
    }

    @Test func `no key and two keys of equal rank are errors with a remedy`() {
        let none = #expect(throws: SettingsError.self) { try choose(["CREDENTIALS_DIRECTORY": "/run/c"]) }
        #expect(none.map { "\($0)" }?.contains("provider.api_key_file: no key for the provider") == true)
        let two = ["REELGATE_PROVIDER_API_KEY": "hidden", "REELGATE_PROVIDER_API_KEY_FILE": "/run/key"]
        let both = #expect(throws: SettingsError.self) { try choose(two, file: "/run/key") }
        #expect(both.map { "\($0)" }?.contains("keep one of them") == true)
        #expect(both.map { "\($0)" }?.contains("hidden") == false)
    }
}
