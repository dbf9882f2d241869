import Testing

/// Where types are declared and what errors are called.
@Suite struct TypeTests {
    private static let types = SourceTree.swiftFiles.flatMap { file in
        file.types.map { (file: file, type: $0) }
    }

    @Test func `a file declares one primary type and has its name`() {
        let explanation = """
            one primary type per file, the file named for it. Not counted: private types, nested types, \
            extensions, and an enum of at most 25 lines that only this file returns (`-> Name`) or throws \
            (`throws(Name)`)
            """
        expectNone(
            SourceTree.swiftFiles.compactMap { file -> String? in
                let primary = file.types.filter(\.isPrimary)
                let counted = primary.filter { $0.name == file.name || !isResultEnum($0, of: file) }
                if counted.isEmpty || counted.map(\.name) == [file.name] { return nil }
                let names = counted.map(\.name).joined(separator: ", ")
                return "\(file.path):1: declares \(names): \(explanation)"
            })
    }

    @Test func `no two modules have a type of the same name`() {
        let modules = Dictionary(grouping: Self.types.filter { $0.type.isPrimary }, by: \.type.name)
            .mapValues { Set($0.map(\.file.target)).sorted() }
        expectNone(
            modules.filter { $0.value.count > 1 }
                .map { "\($0.key) is a type in \($0.value.joined(separator: " and "))" }.sorted())
    }

    @Test func `an error is called Error and a finding is called Issue`() {
        expectNone(
            Self.types.filter { breaksErrorRule($0.type) && ErrorNames.reasons[key($0)] == nil }
                .map { file, type in
                    let location = file.location(ofLine: type.lines.lowerBound)
                    return "\(location): \(type.name) must end in Error (thrown) or Issue (listed)"
                })
    }

    @Test func `every exception among the names of errors is in use`() {
        let names = Set(Self.types.map(key))
        expectNone(ErrorNames.reasons.keys.filter { !names.contains($0) }.sorted())
    }

    private func key(_ found: (file: SwiftFile, type: TypeDeclaration)) -> String {
        "\(found.file.target).\(found.type.name)"
    }

    private func breaksErrorRule(_ type: TypeDeclaration) -> Bool {
        if type.conformances.contains("Error") { return !type.name.hasSuffix("Error") }
        return ErrorNames.bannedEndings.contains { type.name.hasSuffix($0) }
    }

    /// Whether a type is a small enum that functions of this file, and of no other, return or throw.
    private func isResultEnum(_ type: TypeDeclaration, of file: SwiftFile) -> Bool {
        type.keyword == "enum" && type.lines.count <= 25 && returns(type.name, file)
            && !SourceTree.swiftFiles.contains {
                $0.path != file.path && $0.identifiers.contains(type.name) && returns(type.name, $0)
            }
    }

    private func returns(_ name: String, _ file: SwiftFile) -> Bool {
        file.code.contains { line in
            Words.contain("-> \(name)", in: line) || Words.contain("throws(\(name)", in: line)
        }
    }
}
