import JSONText
import VideoJobs

/// What reading a configuration file has found out so far.
final class SettingsLog {
    let file: String
    private let line: (String) -> Int?
    private(set) var faults: [SettingIssue] = []
    /// Where each key that was given stands, by its full name.
    private(set) var origins: [String: SettingOrigin] = [:]

    init(file: String, line: @escaping (String) -> Int?) {
        self.file = file
        self.line = line
    }

    func origin(of path: [String]) -> SettingOrigin {
        .file(file, line: line(JSONPointer(tokens: path).description))
    }

    func note(_ path: [String]) { origins[path.joined(separator: ".")] = origin(of: path) }

    func add(_ path: [String], _ bad: BadValue) {
        let key = path.joined(separator: ".")
        faults.append(
            SettingIssue(origin: origin(of: path), key: key, message: bad.message, remedy: bad.remedy))
    }
}

/// One mapping of the file. Each key is read once; what nobody read is a fault.
struct SettingsSection {
    private let path: [String]
    private let members: JSONObject
    private let log: SettingsLog
    private var known: [String] = []

    /// Reads a mapping with a body that reads its keys.
    static func read(
        _ value: JSONValue, at path: [String], log: SettingsLog, _ body: (inout SettingsSection) -> Void
    ) {
        guard let members = value.object else {
            return log.add(path, BadValue("\(value.quoted) is no mapping of keys to values"))
        }
        var section = SettingsSection(path: path, members: members, log: log)
        body(&section)
        section.refuseUnknown()
    }

    private init(path: [String], members: JSONObject, log: SettingsLog) {
        self.path = path
        self.members = members
        self.log = log
    }

    /// Reads a key, if it is there, over its default.
    mutating func read<Value>(_ key: String, _ kind: SettingKind<Value>, into target: inout Value) {
        guard let value = take(key) else { return }
        do throws(BadValue) {
            target = try kind.read(value)
        } catch {
            log.add(path + [key], error)
        }
    }

    /// Reads a list, if it is there, over its default.
    mutating func readList<Value>(_ key: String, _ kind: SettingKind<Value>, into target: inout [Value]) {
        guard let elements = takeList(key) else { return }
        target = []
        for (index, element) in elements.enumerated() {
            do throws(BadValue) {
                target.append(try kind.read(element))
            } catch {
                log.add(path + [key, String(index)], error)
            }
        }
    }

    /// Reads the mapping under a key, if it is there.
    mutating func section(_ key: String, _ body: (inout SettingsSection) -> Void) {
        guard let value = take(key) else { return }
        SettingsSection.read(value, at: path + [key], log: log, body)
    }

    /// Reads a list of mappings; returns whether it is there.
    mutating func sections(_ key: String, _ body: (inout SettingsSection) -> Void) -> Bool {
        guard let elements = takeList(key) else { return false }
        for (index, element) in elements.enumerated() {
            SettingsSection.read(element, at: path + [key, String(index)], log: log, body)
        }
        return true
    }

    /// Reports a key, or a word under it, that the contract has and this version has not.
    mutating func refuseLater(_ key: String, value word: String? = nil) {
        guard let value = members[key], word == nil || value.string == word else { return }
        known.append(key)
        log.add(
            path + [key],
            BadValue(
                word.map { "\"\($0)\" is not in this version of Reelgate" }
                    ?? "not in this version of Reelgate",
                remedy: word == nil ? "remove the key" : nil))
    }

    /// Reports a fault of the section itself.
    func fault(_ message: String, remedy: String? = nil) { log.add(path, BadValue(message, remedy: remedy)) }

    private mutating func take(_ key: String) -> JSONValue? {
        let isRefused = known.contains(key)
        known.append(key)
        guard !isRefused, let value = members[key] else { return nil }
        log.note(path + [key])
        return value
    }

    private mutating func takeList(_ key: String) -> [JSONValue]? {
        guard let value = take(key) else { return nil }
        if let elements = value.array { return elements }
        log.add(path + [key], BadValue("\(value.quoted) is no list", remedy: "write it like [one, two]"))
        return nil
    }

    private func refuseUnknown() {
        for member in members.members where !known.contains(member.name) {
            let keys = Set(known).sorted()
            let nearest = NearestName.find(member.name, among: keys)
            log.add(
                path + [member.name],
                BadValue(
                    "unknown key",
                    remedy: nearest.map { "did you mean \($0)?" }
                        ?? "known here: \(keys.joined(separator: ", "))"))
        }
    }
}
