import JSONText
import VideoJobs

/// A mapping in the file. Each key is read once; unread keys are reported as unknown.
struct SettingsSection {
    private let path: [String]
    private let members: JSONObject
    private let log: SettingIssueLog
    private var known: [String] = []

    /// Reads a mapping; `body` reads its keys.
    static func read(
        _ value: JSONValue, at path: [String], log: SettingIssueLog, _ body: (inout SettingsSection) -> Void
    ) {
        guard let members = value.object else {
            return log.add(path, SettingValueError("\(value.quoted) is not a mapping of keys to values"))
        }
        var section = SettingsSection(path: path, members: members, log: log)
        body(&section)
        section.rejectUnknown()
    }

    private init(path: [String], members: JSONObject, log: SettingIssueLog) {
        self.path = path
        self.members = members
        self.log = log
    }

    /// Reads a key, if present, over its default.
    mutating func read<Value>(_ key: String, _ kind: SettingKind<Value>, into target: inout Value) {
        guard let value = take(key) else { return }
        do throws(SettingValueError) {
            target = try kind.read(value)
        } catch {
            log.add(path + [key], error)
        }
    }

    /// Reads a list, if present, over its default. Returns whether all of its elements were valid.
    @discardableResult
    mutating func readList<Value>(
        _ key: String, _ kind: SettingKind<Value>, into target: inout [Value]
    ) -> Bool {
        guard let elements = takeList(key) else { return true }
        target = []
        var isComplete = true
        for (index, element) in elements.enumerated() {
            do throws(SettingValueError) {
                target.append(try kind.read(element))
            } catch {
                log.add(path + [key, String(index)], error)
                isComplete = false
            }
        }
        return isComplete
    }

    /// Reads the mapping under a key, if present.
    mutating func section(_ key: String, _ body: (inout SettingsSection) -> Void) {
        guard let value = take(key) else { return }
        SettingsSection.read(value, at: path + [key], log: log, body)
    }

    /// Reads a list of mappings. Returns whether it is present.
    mutating func sections(_ key: String, _ body: (inout SettingsSection) -> Void) -> Bool {
        guard let elements = takeList(key) else { return false }
        for (index, element) in elements.enumerated() {
            SettingsSection.read(element, at: path + [key, String(index)], log: log, body)
        }
        return true
    }

    /// Reports a key that the contract defines but this version does not support.
    mutating func rejectUnsupported(_ key: String) {
        guard members[key] != nil else { return }
        known.append(key)
        log.add(
            path + [key],
            SettingValueError("not supported in this version of Reelgate", remedy: "remove the key"))
    }

    /// Reports an issue of the section itself.
    func addIssue(_ message: String, remedy: String? = nil) {
        log.add(path, SettingValueError(message, remedy: remedy))
    }

    private mutating func take(_ key: String) -> JSONValue? {
        let isRefused = known.contains(key)
        known.append(key)
        guard !isRefused, let value = members[key] else { return nil }
        log.record(path + [key])
        return value
    }

    private mutating func takeList(_ key: String) -> [JSONValue]? {
        guard let value = take(key) else { return nil }
        if let elements = value.array { return elements }
        log.add(
            path + [key],
            SettingValueError("\(value.quoted) is not a list", remedy: "write it like [one, two]"))
        return nil
    }

    private func rejectUnknown() {
        for member in members.members where !known.contains(member.name) {
            let keys = Set(known).sorted()
            let nearest = NearestName.find(member.name, among: keys)
            log.add(
                path + [member.name],
                SettingValueError(
                    "unknown key",
                    remedy: nearest.map { "did you mean \($0)?" }
                        ?? "known keys: \(keys.joined(separator: ", "))"))
        }
    }
}
