import Transport
import VideoJobs

/// The name of an output file, which may have fields of the task: `{date}-{model}-{prompt:30}-{id}.mp4`.
///
/// Values of fields are made safe: letters, digits, and `-`, `_` or `.` inside, so that a prompt can neither
/// name a folder nor hide a file. `{{` and `}}` stand for braces.
struct OutputName: Equatable, Sendable {
    /// A property of the task.
    enum Field: String, CaseIterable, Sendable {
        case date, id, model, prompt
    }

    private enum Part: Equatable {
        case text(String)
        /// `length`: characters at most; `nil` for all.
        case field(Field, length: Int?)
    }

    /// Bytes of a name that leave room for the suffixes of the download and the record, within NAME_MAX.
    private static let nameMax = 200
    private static let known =
        Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ") + " {prompt:30}"

    /// As it was given.
    let text: String
    private var parts: [Part] = []

    /// Throws a sentence that names the issue.
    init(_ text: String) throws(SettingValueError) {
        self.text = text
        guard !text.isEmpty else { throw SettingValueError("the name is empty; name a file") }
        guard text != "-" else {
            throw SettingValueError("videos are not written to standard output; name a file, also ./-")
        }
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            parts.append(.text(String(rest[..<brace])))
            let next = rest.index(after: brace)
            if next < rest.endIndex, rest[next] == rest[brace] {
                parts.append(.text(String(rest[brace])))
                rest = rest[rest.index(after: next)...]
            } else {
                guard rest[brace] == "{", let end = rest[next...].firstIndex(of: "}") else {
                    throw SettingValueError("a brace is not closed; write {{ or }} for a brace itself")
                }
                parts.append(try Self.field(rest[next..<end]))
                rest = rest[rest.index(after: end)...]
            }
        }
        parts.append(.text(String(rest)))
    }

    private static func field(_ text: Substring) throws(SettingValueError) -> Part {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let field = Field(rawValue: String(halves[0])) else {
            throw SettingValueError("there is no field {\(text)}; the fields are \(known)")
        }
        guard halves.count == 2 else { return .field(field, length: nil) }
        guard let length = Int(halves[1]), (1...nameMax).contains(length) else {
            throw SettingValueError("the length of {\(text)} must be a number from 1 to \(nameMax)")
        }
        return .field(field, length: length)
    }

    /// Whether the name depends on the task.
    var hasFields: Bool { parts.contains { if case .field = $0 { true } else { false } } }

    /// The folder of the file if it does not depend on the task.
    var knownFolder: String? {
        guard hasFields else { return FileSystem.folder(of: text) }
        var folder = ""
        for part in parts {
            guard case .text(let text) = part else { break }
            folder += text
        }
        let rest = parts.drop { if case .text = $0 { true } else { false } }
        let isInRest = rest.contains { if case .text(let text) = $0 { text.contains("/") } else { false } }
        return isInRest ? nil : FileSystem.folder(of: folder + "x")
    }

    /// Returns the path for a task. The longest values are shortened until the file system accepts the name.
    func path(for task: TaskReport) -> String {
        var limit = Self.nameMax
        while true {
            let path = path(for: task, valuesUpTo: limit)
            let name = path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }
            if name.count <= Self.nameMax || limit == 1 { return path }
            limit -= 1
        }
    }

    private func path(for task: TaskReport, valuesUpTo limit: Int) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .field(let field, let length):
                Self.safe(Self.value(of: field, in: task), length: length ?? limit, bytes: limit)
            }
        }
        .joined()
    }

    private static func value(of field: Field, in task: TaskReport) -> String {
        switch field {
        case .date: UTCDate(of: Timestamp(milliseconds: task.created * 1000)).description
        case .id: task.id
        case .model: task.model
        case .prompt: task.prompt ?? ""
        }
    }

    /// Returns a value as part of a file's name.
    private static func safe(_ value: String, length: Int, bytes: Int) -> String {
        var name = FileNameText.safe(value, length: min(length, bytes))
        // One character may be many scalars.
        while name.utf8.count > bytes { name.unicodeScalars.removeLast() }
        return name.isEmpty ? "untitled" : name
    }
}
