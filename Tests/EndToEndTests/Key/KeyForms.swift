import ProcessTestSupport

/// The forms in which a key could be written somewhere, and the search for them.
///
/// Parts of a key are found as well: every form is searched for in overlapping pieces.
struct KeyForms {
    /// The length of a piece in characters of the key.
    private static let pieceLength = 12

    let patterns: Set<String>

    init(_ key: String) {
        let bytes = Array(key.utf8)
        let starts = 0...(bytes.count - Self.pieceLength)
        var patterns: Set<String> = []
        for start in starts {
            let piece = Array(bytes[start..<start + Self.pieceLength])
            patterns.insert(String(decoding: piece, as: UTF8.self))
            patterns.insert(Self.join(piece) { $0 == UInt8(ascii: "/") ? "\\/" : Self.text($0) })
            for digits in [Self.lower, Self.upper] {
                patterns.insert(Self.join(piece) { digits($0) })
                patterns.insert(Self.join(piece) { "%" + digits($0) })
                patterns.insert(Self.join(piece) { Self.isUnreserved($0) ? Self.text($0) : "%" + digits($0) })
            }
            for alignment in 0..<3 {
                for text in Self.base64(piece, after: alignment) {
                    patterns.insert(text)
                    patterns.insert(Self.join(Array(text.utf8), Self.lower))
                    for second in 0..<3 { patterns.formUnion(Self.base64(Array(text.utf8), after: second)) }
                }
            }
            patterns.insert(String(decoding: piece.reversed(), as: UTF8.self))
            patterns.insert(piece.map(Self.lower).joined(separator: ":"))
            patterns.insert(piece.map(Self.text).joined(separator: "\u{200B}"))
            let hexadecimal = Array(Self.join(piece, Self.lower).utf8)
            for alignment in 0..<3 { patterns.formUnion(Self.base64(hexadecimal, after: alignment)) }
        }
        self.patterns = patterns
    }

    /// Returns the files of a folder that contain a form of the key, with the place in each.
    func files(in folder: String) async throws -> [String] {
        let list = try ScratchFolder()
        let path = try list.write(patterns.sorted().joined(separator: "\n") + "\n", to: "patterns")
        let found = try await Tools.run(
            "grep", ["-raob", "--fixed-strings", "--file=\(path)", folder], environment: ["LC_ALL": "C"])
        return found.lines
    }

    /// Returns the digits that depend on the piece alone if so many bytes precede it, in both alphabets.
    private static func base64(_ piece: [UInt8], after count: Int) -> [String] {
        let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = piece.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0) & 1 } }
        let first = [0, 4, 2][count]
        let digits = stride(from: first, through: bits.count - 6, by: 6).map { start in
            standard[bits[start..<start + 6].reduce(0) { $0 << 1 | $1 }]
        }
        let text = String(digits)
        return [text, text.replacing("+", with: "-").replacing("/", with: "_")]
    }

    private static func join(_ piece: [UInt8], _ form: (UInt8) -> String) -> String {
        piece.map(form).joined()
    }
    private static func text(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }
    private static func lower(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    private static func upper(_ byte: UInt8) -> String { lower(byte).uppercased() }
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let letter = Character(UnicodeScalar(byte))
        return letter.isLetter || letter.isNumber || "-._~".contains(letter)
    }
}
