import Yams

/// The reason why a text is not accepted as YAML, with its location.
package struct YAMLError: Error, Equatable, Sendable {
    /// The line, from 1.
    package var line: Int
    /// The column in characters, from 1.
    package var column: Int
    /// A message for the author; it quotes at most a name of the text.
    package var message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }
}

extension YAMLError {
    /// Creates an error at a parser position.
    init(_ mark: Mark?, _ message: String) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message)
    }

    /// Creates an error from one of Yams, without the excerpt of the text in its description.
    init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(mark, problem)
        case .duplicatedKeysInMapping(let names, let context):
            let name = (names.first ?? "").shortened
            self.init(context.mark, "duplicate key \(name)")
        case .reader(let problem, let offset, _, _):
            let line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
            self.init(line: line, column: 1, message: problem)
        default:
            self.init(line: 1, column: 1, message: "the text is not valid YAML")
        }
    }
}

extension String {
    /// The string cut to 40 characters, for quoting.
    var shortened: String { count <= 40 ? self : prefix(40) + "…" }
}
