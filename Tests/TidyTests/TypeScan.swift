/// Finds type declarations in blanked code by keyword and braces.
struct TypeScan {
    private static let keywords: Set = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifiers: Set = [
        "package", "public", "private", "fileprivate", "internal", "final", "indirect", "nonisolated",
    ]

    private let code: [String]
    private var depth = 0
    private var declarations: [TypeDeclaration] = []
    /// Indices of declarations whose closing brace has not been read, with the depth of their body.
    private var open: [(index: Int, depth: Int)] = []

    static func types(in code: [String]) -> [TypeDeclaration] {
        var scan = TypeScan(code: code)
        for line in code.indices { scan.read(line) }
        return scan.declarations
    }

    private init(code: [String]) { self.code = code }

    private mutating func read(_ line: Int) {
        if var declaration = declaration(at: line) {
            declaration.isNested = depth > 0
            open.append((declarations.count, depth + 1))
            declarations.append(declaration)
        }
        for byte in code[line].utf8 {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { closeBrace(at: line) }
        }
    }

    private mutating func closeBrace(at line: Int) {
        if let last = open.last, last.depth == depth {
            let start = declarations[last.index].lines.lowerBound
            declarations[last.index].lines = start...line
            open.removeLast()
        }
        depth -= 1
    }

    /// Returns the type that a line declares; `class func` and `class var` declare none.
    private func declaration(at line: Int) -> TypeDeclaration? {
        let words = code[line].utf8.split { " {:<(".utf8.contains($0) }.compactMap { String($0) }
        guard let index = words.firstIndex(where: Self.keywords.contains), index + 1 < words.count,
            words[..<index].allSatisfy(Self.modifiers.contains) || words[0].hasPrefix("@"),
            let first = words[index + 1].utf8.first, first < UInt8(ascii: "a")
        else { return nil }
        let isPrivate = words[..<index].contains { $0 == "private" || $0 == "fileprivate" }
        return TypeDeclaration(
            name: words[index + 1], keyword: words[index], isPrivate: isPrivate, isNested: false,
            conformances: conformances(from: line), lines: line...line)
    }

    /// Returns the names after the colon of a declaration, which may continue on the next lines.
    private func conformances(from line: Int) -> [String] {
        let heading = code[line..<min(code.count, line + 4)].joined(separator: " ").prefix { $0 != "{" }
        guard let colon = heading.firstIndex(of: ":") else { return [] }
        return heading[colon...].split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
            .map(String.init)
    }
}
