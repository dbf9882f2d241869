import JSONText

/// The text of notices, with placeholders such as `{{model}}` and `{{prompt:80}}`.
///
/// A template that is a JSON document stays one, whatever the values are: each is escaped. Anything else is
/// text.
package struct NoticeTemplate: Equatable, Sendable {
    /// The most bytes of a template.
    package static let bytesMax = 16 << 10
    /// The most placeholders. With the length of each value this bounds a body.
    static let placeholdersMax = 32
    /// The most characters of one value.
    static let lengths = 1...1_000

    enum Part: Equatable, Sendable {
        case literal([UInt8])
        case value(NoticePlaceholder, lengthMax: Int)
    }

    private let parts: [Part]
    package let isJSON: Bool

    /// Parses a template.
    ///
    /// - Parameter isNamedJSON: whether it must be JSON, by the name of its file.
    package init(_ bytes: [UInt8], isNamedJSON: Bool = false) throws(NoticeTemplateError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw NoticeTemplateError(message: "it is not UTF-8")
        }
        var parser = NoticeTemplateParser(bytes)
        parts = try parser.parse()
        guard !bytes.allSatisfy({ $0 <= 0x20 }) else { throw NoticeTemplateError(message: "it is empty") }
        do throws(JSONError) {
            _ = try JSONValue(parsing: Self.sample(parts), limits: JSONLimits())
            isJSON = isNamedJSON || bytes.first { $0 > 0x20 }.map { "{[".utf8.contains($0) } ?? false
        } catch {
            guard !isNamedJSON, !parser.beginsLikeObject else {
                throw NoticeTemplateError(
                    line: error.line, message: "with values it is not JSON: \(error.message)",
                    remedy: "write each placeholder inside a string, like \"{{prompt}}\"")
            }
            isJSON = false
        }
        if !isJSON { try parser.rejectStrayBraces() }
    }

    /// Returns the body of a notice.
    ///
    /// - Parameter dialect: of its receiver.
    func body(_ values: NoticeValues, in dialect: NoticeDialect) -> [UInt8] {
        parts.reduce(into: []) { body, part in
            switch part {
            case .literal(let bytes): body.append(contentsOf: bytes)
            case .value(let placeholder, let length):
                let text = values[placeholder].text(lengthMax: length, in: dialect)
                body.append(contentsOf: isJSON ? Self.escaped(text) : Array(text.utf8)[...])
            }
        }
    }

    /// The parts with values that are no JSON by themselves.
    private static func sample(_ parts: [Part]) -> [UInt8] {
        parts.flatMap { part in
            switch part {
            case .literal(let bytes): bytes
            case .value: Array("x".utf8)
            }
        }
    }

    /// The text as it stands inside a JSON string.
    private static func escaped(_ text: String) -> ArraySlice<UInt8> {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes.dropFirst().dropLast()
    }
}
