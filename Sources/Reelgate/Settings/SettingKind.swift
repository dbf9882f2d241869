import GatewayAPI
import JSONText
import Transport
import VideoJobs

/// The syntax of one kind of value.
struct SettingKind<Value> {
    let read: (JSONValue) throws(SettingValueError) -> Value
}

extension SettingKind {
    /// Accepts `null` as well.
    func orNull() -> SettingKind<Value?> {
        SettingKind<Value?> { value throws(SettingValueError) in value == .null ? nil : try read(value) }
    }
}

extension SettingKind where Value == String {
    /// Any non-empty text.
    static var text: Self {
        Self { value throws(SettingValueError) in
            guard let text = value.string, !text.isEmpty else {
                throw SettingValueError("\(value.quoted) is not a text")
            }
            return text
        }
    }

    /// An `http` or `https` URL without user, query and fragment; a trailing slash is removed.
    static var baseURL: Self {
        Self { value throws(SettingValueError) in
            let remedy = "write it like https://api.example.com"
            guard let text = value.string else {
                throw SettingValueError("\(value.quoted) is not a URL", remedy: remedy)
            }
            guard let url = BaseURL(text) else {
                // Not quoted: URLs may contain user names and keys.
                throw SettingValueError(
                    "not an http or https URL without user, query and fragment", remedy: remedy)
            }
            return url.text
        }
    }
}

extension SettingKind where Value == WebOrigin {
    /// A scheme, a host and a port.
    static var origin: Self {
        Self { value throws(SettingValueError) in
            guard let origin = value.string.flatMap({ WebOrigin($0) }) else {
                // Not quoted: URLs may contain user names and keys.
                throw SettingValueError(
                    "not the origin of a web page",
                    remedy: "write each origin like https://studio.example.com, without a path")
            }
            return origin
        }
    }
}

extension SettingKind where Value == Bool {
    static var truth: Self {
        Self { value throws(SettingValueError) in
            guard let truth = value.bool else {
                throw SettingValueError("\(value.quoted) is neither true nor false")
            }
            return truth
        }
    }
}

extension SettingKind where Value == Int {
    static func count(_ range: ClosedRange<Int>) -> Self {
        Self { value throws(SettingValueError) in
            guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
                throw SettingValueError(
                    "\(value.quoted) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// A size that fits into memory.
    static func size(_ range: ClosedRange<Int64>) -> Self {
        Self { value throws(SettingValueError) in Int(try SettingKind<Int64>.size(range).read(value)) }
    }
}

extension SettingKind where Value == Int? {
    /// `auto`, or a number.
    static func autoOrCount(_ range: ClosedRange<Int>) -> Self {
        Self { value throws(SettingValueError) in
            if value.string == "auto" { return nil }
            do throws(SettingValueError) {
                return try SettingKind<Int>.count(range).read(value)
            } catch {
                throw SettingValueError(error.message, remedy: "or write auto")
            }
        }
    }
}

extension SettingKind where Value == Int64 {
    /// US dollars, in micro-dollars. A number has the decimals with which it was written.
    static var dollars: Self {
        Self { value throws(SettingValueError) in
            let text: String? =
                switch value {
                case .string(let text): text
                case .integer(let number): "\(number)"
                case .real(let number): "\(number)"
                case .null, .bool, .array, .object: nil
                }
            guard let amount = text.flatMap(Dollars.microdollars) else {
                throw SettingValueError(
                    "\(value.quoted) is not an amount of US dollars", remedy: "write it like 50 or 12.50")
            }
            return amount
        }
    }

    static func size(_ range: ClosedRange<Int64>) -> Self {
        Self { value throws(SettingValueError) in
            guard let text = value.string, let size = SizeText.bytes(text) else {
                throw SettingValueError(
                    "\(value.quoted) is not a size", remedy: "write it like 64KiB, 10MiB or 50GiB")
            }
            guard range.contains(size) else {
                throw SettingValueError(
                    "\(value.quoted) is not from \(SizeText.text(range.lowerBound))"
                        + " to \(SizeText.text(range.upperBound))")
            }
            return size
        }
    }
}

extension SettingKind where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self { value throws(SettingValueError) in
            guard let text = value.string, let duration = DurationText.duration(text) else {
                throw SettingValueError(
                    "\(value.quoted) is not a duration", remedy: "write it like 250ms, 10s, 30m, 24h or 30d")
            }
            guard range.contains(duration) else {
                throw SettingValueError(
                    "\(value.quoted) is not from \(DurationText.text(range.lowerBound))"
                        + " to \(DurationText.text(range.upperBound))")
            }
            return duration
        }
    }
}

extension SettingKind where Value == SocketAddress {
    static var address: Self {
        Self { value throws(SettingValueError) in
            guard let text = value.string, let address = SocketAddress(text) else {
                throw SettingValueError(
                    "\(value.quoted) is not an address to listen on",
                    remedy: "write it like 127.0.0.1:8031, [::1]:8031 or unix:/run/reelgate.sock")
            }
            return address
        }
    }
}

extension SettingKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the type's raw values.
    static var choice: Self {
        Self { value throws(SettingValueError) in
            let message = Value.allCases.map(\.rawValue)
            guard let word = value.string, let choice = Value(rawValue: word) else {
                throw SettingValueError("\(value.quoted) is not one of \(message.joined(separator: ", "))")
            }
            return choice
        }
    }
}

extension JSONValue {
    /// The value in messages: short, on one line.
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
