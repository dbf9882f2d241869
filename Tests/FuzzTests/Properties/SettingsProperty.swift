import JSONText
import TestSupport
import Transport

@testable import Reelgate

/// Files of settings: settings that keep every bound, or faults with a line of the file.
enum SettingsProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
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

    /// Every fault has words and stands on a line that is there.
    static func check(_ faults: [SettingIssue], in input: [UInt8]) throws(Finding) {
        try promise(!faults.isEmpty, "refused without a fault")
        let lines = YAMLProperty.lines(of: input)
        for fault in faults {
            try promise(!fault.message.isEmpty && !fault.description.isEmpty, "a fault without words")
            guard case .file(_, let line?) = fault.origin else {
                // Only a default that the file leaves alone has no line.
                try promise(fault.origin == .builtIn, "\(fault.key) has no line")
                continue
            }
            try promise((1...lines).contains(line), "there is no line \(line)")
        }
    }

    private static func checkBounds(_ settings: Settings) throws(Finding) {
        let isLocal = settings.listen.allSatisfy(\.address.isLoopback)
        try promise(!settings.listen.isEmpty && isLocal, "open to other machines")
        try promise(settings.loops.map { (1...256).contains($0) } ?? true, "\(settings.loops ?? 0) loops")
        let poll = settings.provider.poll
        try promise(poll.interval > .zero && poll.first > .zero, "polls without a pause")
        try promise(poll.slowest >= poll.interval, "the slowest poll is faster than the others")
        try promise((1...100_000).contains(settings.provider.maxInFlight), "tasks in flight")
        try promise(settings.submitWait >= .zero && settings.submitWait <= .seconds(300), "the wait")
        let limits = settings.limits
        try promise((1 << 10...16 << 20).contains(limits.body), "a body of \(limits.body)")
        try promise((1 << 10...1 << 20).contains(limits.header), "a header of \(limits.header)")
        try promise(limits.connections > 0, "no connections")
        for patience in [limits.headerTimeout, limits.bodyTimeout, limits.idleTimeout] {
            try promise(patience >= .milliseconds(10) && patience <= .seconds(3600), "waits \(patience)")
        }
        try promise(!settings.store.sqlite.isEmpty && !settings.archive.directory.isEmpty, "no place")
        try promise(settings.archive.keep >= .seconds(1), "keeps nothing")
        // Written out again, the provider's address is the same.
        let again = BaseURL(settings.provider.baseURL)
        try promise(again?.text == settings.provider.baseURL, "the base URL changes when read again")
    }
}
