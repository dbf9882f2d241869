import JSONText
import TestSupport
import Transport

@testable import Reelgate

/// Settings files: settings within every bound, or issues with a line of the file.
enum SettingsProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        let text = ConfigurationText(name: "reelgate.yaml", path: nil, bytes: input)
        let settings: Settings
        do throws(SettingsError) {
            let file = try SettingsFile(text)
            settings = try Settings.resolve(file: file, environment: [:], flags: SettingsFlags())
        } catch {
            return try check(error.issues, in: input)
        }
        try checkBounds(settings)
    }

    /// Requires that every issue has a message and an existing line.
    static func check(_ issues: [SettingIssue], in input: [UInt8]) throws(PropertyError) {
        try require(!issues.isEmpty, "rejected without an issue")
        let lines = YAMLProperty.lines(of: input)
        for issue in issues {
            try require(!issue.message.isEmpty && !issue.description.isEmpty, "an issue without a message")
            guard case .file(_, let line?) = issue.origin else {
                // Only the issue of a default that the file does not set has no line.
                try require(issue.origin == .builtIn, "\(issue.key) has no line")
                continue
            }
            try require((1...lines).contains(line), "there is no line \(line)")
        }
    }

    private static func checkBounds(_ settings: Settings) throws(PropertyError) {
        let isLocal = settings.listen.allSatisfy(\.address.isLoopback)
        try require(!settings.listen.isEmpty && isLocal, "listens beyond loopback by default")
        try require(settings.loops.map { (1...256).contains($0) } ?? true, "\(settings.loops ?? 0) loops")
        let poll = settings.provider.poll
        try require(poll.interval > .zero && poll.first > .zero, "polls without a pause")
        try require(poll.slowest >= poll.interval, "the slowest poll is faster than the others")
        try require((1...100_000).contains(settings.provider.maxInFlight), "tasks in flight")
        try require(settings.submitWait >= .zero && settings.submitWait <= .seconds(300), "the wait")
        let limits = settings.limits
        try require((1 << 10...16 << 20).contains(limits.body), "a body of \(limits.body)")
        try require((1 << 10...1 << 20).contains(limits.header), "a header of \(limits.header)")
        try require(limits.connections > 0, "no connections")
        for timeout in [limits.headerTimeout, limits.bodyTimeout, limits.idleTimeout] {
            try require(timeout >= .milliseconds(10) && timeout <= .seconds(3600), "a timeout of \(timeout)")
        }
        try require(!settings.store.sqlite.isEmpty && !settings.archive.directory.isEmpty, "an empty path")
        try require(settings.archive.keep >= .seconds(1), "keeps nothing")
        // The serialised base URL parses to itself.
        let again = BaseURL(settings.provider.baseURL)
        try require(again?.text == settings.provider.baseURL, "the base URL changes when read again")
    }
}
