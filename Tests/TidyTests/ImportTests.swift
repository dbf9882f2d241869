import Testing

/// The arrows between modules, compared with `ImportTable`.
@Suite struct ImportTests {
    private func imports(of file: SwiftFile) -> [(line: Int, module: String)] {
        file.code.indices.compactMap { line in
            ImportTable.module(importedBy: file.code[line]).map { (line, $0) }
        }
    }

    @Test func `targets import only what the import table allows`() {
        expectNone(
            SourceTree.swiftFiles.filter(\.isSource).flatMap { file -> [String] in
                guard let allowed = ImportTable.arrows[file.target] else {
                    return ["\(file.path):1: the target \(file.target) is not in the table"]
                }
                let system = ImportTable.pure.contains(file.target) ? [] : ImportTable.systemCalls
                return imports(of: file)
                    .filter { !allowed.union(ImportTable.everywhere).union(system).contains($0.module) }
                    .map { "\(file.location(ofLine: $0.line)): \(file.target) may not import \($0.module)" }
            })
    }

    @Test func `the domain and the network modules do not import Foundation`() {
        expectNone(
            SourceTree.swiftFiles.filter { ImportTable.withoutFoundation.contains($0.target) && $0.isSource }
                .flatMap { file in
                    imports(of: file).filter { $0.module.hasPrefix("Foundation") }
                        .map { "\(file.location(ofLine: $0.line)): imports \($0.module)" }
                })
    }

    @Test func `nothing uses SwiftNIO`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                imports(of: file).filter { $0.module.hasPrefix("NIO") }
                    .map { "\(file.location(ofLine: $0.line)): imports \($0.module)" }
            })
    }
}
