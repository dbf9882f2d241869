import JSONText
import Transport

/// How one kind of value is written, and what it means.
struct SettingKind<Value> {
    let read: (JSONValue) throws(BadValue) -> Value
}

extension SettingKind {
    /// The same, or `null`.
    func orNull() -> SettingKind<Value?> {
        SettingKind<Value?> { value throws(BadValue) in value == .null ? nil : try read(value) }
    }
}

extension SettingKind where Value == String {
    /// Any text but the empty one.
    static var text: Self {
        Self { value throws(BadValue) in
            guard let text = value.string, !text.isEmpty else { throw BadValue("\(value.quoted) is no text") }
            return text
        }
    }

    /// An `http` or `https` URL without user, query and fragment; loses a slash at its end.
    static var baseURL: Self {
        Self { value throws(BadValue) in
            let remedy = "write it like https://api.example.com"
            guard let text = value.string else { throw BadValue("\(value.quoted) is no URL", remedy: remedy) }
            guard let url = BaseURL(text) else {
                // Not quoted: people paste user names and keys into URLs.
                throw BadValue("not an http or https URL without user, query and fragment", remedy: remedy)
            }
            return url.text
        }
    }
}

extension SettingKind where Value == Bool {
    static var truth: Self {
        Self { value throws(BadValue) in
            guard let truth = value.bool else { throw BadValue("\(value.quoted) is neither true nor false") }
            return truth
        }
    }
}

extension SettingKind where Value == Int {
    static func count(_ range: ClosedRange<Int>) -> Self {
        Self { value throws(BadValue) in
            guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
                throw BadValue(
                    "\(value.quoted) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// A size that fits in memory.
    static func size(_ range: ClosedRange<Int64>) -> Self {
        Self { value throws(BadValue) in Int(try SettingKind<Int64>.size(range).read(value)) }
    }
}

extension SettingKind where Value == Int? {
    /// `auto`, or how many.
    static func autoOrCount(_ range: ClosedRange<Int>) -> Self {
        Self { value throws(BadValue) in
            if value.string == "auto" { return nil }
            do throws(BadValue) {
                return try SettingKind<Int>.count(range).read(value)
            } catch {
                throw BadValue(error.message, remedy: "or write auto")
            }
        }
    }
}

extension SettingKind where Value == Int64 {
    static func size(_ range: ClosedRange<Int64>) -> Self {
        Self { value throws(BadValue) in
            guard let text = value.string, let size = WrittenSize.bytes(text) else {
                throw BadValue("\(value.quoted) is no size", remedy: "write it like 64KiB, 10MiB or 50GiB")
            }
            guard range.contains(size) else {
                throw BadValue(
                    "\(value.quoted) is not from \(WrittenSize.text(range.lowerBound))"
                        + " to \(WrittenSize.text(range.upperBound))")
            }
            return size
        }
    }
}

extension SettingKind where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self { value throws(BadValue) in
            guard let text = value.string, let duration = WrittenDuration.duration(text) else {
                throw BadValue(
                    "\(value.quoted) is no duration", remedy: "write it like 250ms, 10s, 30m, 24h or 30d")
            }
            guard range.contains(duration) else {
                throw BadValue(
                    "\(value.quoted) is not from \(WrittenDuration.text(range.lowerBound))"
                        + " to \(WrittenDuration.text(range.upperBound))")
            }
            return duration
        }
    }
}

extension SettingKind where Value == SocketAddress {
    static var address: Self {
        Self { value throws(BadValue) in
            guard let text = value.string, let address = SocketAddress(text) else {
                throw BadValue(
                    "\(value.quoted) is no address to listen on",
                    remedy: "write it like 127.0.0.1:8031, [::1]:8031 or unix:/run/reelgate.sock")
            }
            return address
        }
    }
}

extension SettingKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words that the type knows.
    static var choice: Self {
        Self { value throws(BadValue) in
            let message = Value.allCases.map(\.rawValue)
            guard let word = value.string, let choice = Value(rawValue: word) else {
                throw BadValue("\(value.quoted) is not one of \(message.joined(separator: ", "))")
            }
            return choice
        }
    }
}

extension JSONValue {
    /// The value as a message shows it: short, on one line.
    var quoted: String {
        switch self {
        case .null: return "nothing"
        case .array: return "a list"
        case .object: return "a mapping"
        case .bool, .integer, .real, .string:
            let text = string ?? String(decoding: serialized(), as: UTF8.self)
            let line = text.prefix(40).map { $0.isNewline ? " " : $0 }
            return "\"\(String(line))\(text.count > 40 ? "…" : "")\""
        }
    }
}
