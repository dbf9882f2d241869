import Foundation
import ProcessTestSupport
import Testing

/// The search of the canary tests finds what it looks for.
@Suite struct KeyFormsTests {
    private static let key = "sk+canary/0123456789abcdef=&tail"

    private static let encoded: [(String, String)] = once + twice + base64AtAnyPosition

    private static let once: [(String, String)] =
        [
            ("plain", key), ("JSON", key.replacing("/", with: "\\/")),
            ("hexadecimal", hex(key)), ("upper-case hexadecimal", hex(key).uppercased()),
            ("percent-encoded", percent(key)), ("lower-case percent-encoded", percent(key).lowercased()),
            ("all percent-encoded", key.utf8.map { "%" + hex([$0]) }.joined()),
            ("reversed", String(key.reversed())),
            ("with colons", key.utf8.map { hex([$0]) }.joined(separator: ":")),
            ("with zero-width spaces", key.map(String.init).joined(separator: "\u{200B}")),
        ]

    private static let twice: [(String, String)] = [
        ("Base64 of Base64", base64(base64(key))), ("Base64 of hexadecimal", base64(hex(key))),
        ("hexadecimal of Base64", hex(base64(key))),
    ]

    private static let base64AtAnyPosition = (0..<6).flatMap { count -> [(String, String)] in
        let padded = String(repeating: "x", count: count) + key + String(repeating: "y", count: count % 4)
        let text = base64(padded)
        let forURLs = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return [("Base64 after \(count)", text), ("Base64 for URLs after \(count)", forURLs)]
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
    private static func hex(_ text: String) -> String { hex(text.utf8) }
    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test(arguments: encoded)
    func `a form of the key is found in any file`(_ name: String, _ text: String) async throws {
        let folder = try ScratchFolder()
        _ = try folder.write("\0\u{1}binary\0 before \(text) after\n", to: "deep/file.db")
        _ = try folder.write("nothing here\n", to: "other")
        let found = try await KeyForms(Self.key).files(in: folder.path)
        #expect(!found.isEmpty && found.allSatisfy { $0.contains("/deep/file.db:") }, "\(name): \(found)")
    }

    @Test func `a part of the key is found, its last characters are not`() async throws {
        let folder = try ScratchFolder()
        _ = try folder.write(String(Self.key.dropFirst(9).prefix(13)), to: "part")
        _ = try folder.write(String(Self.key.suffix(4)), to: "tail")
        let found = try await KeyForms(Self.key).files(in: folder.path)
        #expect(!found.isEmpty && found.allSatisfy { $0.contains("/part:") }, "\(found)")
    }
}
