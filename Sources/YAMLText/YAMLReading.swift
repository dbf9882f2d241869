import JSONText
import Yams

/// Turns what Yams composed into a JSON value, noting lines on the way.
struct YAMLReading {
    private(set) var lines: [JSONPointer: Int] = [:]

    mutating func document(_ text: String) throws(YAMLError) -> JSONValue {
        let parser: Parser
        let root: Node?
        do {
            // The encoding is named because the default one consults the environment, and prints.
            parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw YAMLError(error, in: text)
        }
        // Nodes hold their anchors weakly; we must still see them.
        return try withExtendedLifetime(parser) { () throws(YAMLError) -> JSONValue in
            guard let root else { return .null }
            lines[.root] = root.mark?.line ?? 1
            return try value(of: root, at: .root)
        }
    }

    /// Recursive, and bounded by `depthMax`.
    private mutating func value(of node: Node, at place: JSONPointer) throws(YAMLError) -> JSONValue {
        if node.anchor != nil {
            throw YAMLError(node.mark, "anchors and aliases (& and *) are not supported; write it out")
        }
        switch node {
        case .scalar(let scalar):
            try refuseTag(scalar.tag, at: scalar.mark)
            // `!!str 8` looks plain, but says that it is text.
            guard scalar.style == .plain, scalar.tag.rawValue.isEmpty else { return .string(scalar.string) }
            return try PlainScalar.value(of: scalar.string, at: scalar.mark)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, at: sequence.mark)
            try refuseDepth(place, at: sequence.mark)
            return .array(try elements(of: sequence, at: place))
        case .mapping(let mapping):
            try refuseTag(mapping.tag, at: mapping.mark)
            try refuseDepth(place, at: mapping.mark)
            return .object(try object(of: mapping, at: place))
        case .alias(let alias):
            throw YAMLError(alias.mark, "anchors and aliases (& and *) are not supported; write it out")
        }
    }

    private mutating func elements(
        of sequence: Node.Sequence, at place: JSONPointer
    ) throws(YAMLError) -> [JSONValue] {
        var elements: [JSONValue] = []
        for node in sequence {
            let here = place.appending(elements.count)
            lines[here] = node.mark?.line
            elements.append(try value(of: node, at: here))
        }
        return elements
    }

    private mutating func object(
        of mapping: Node.Mapping, at place: JSONPointer
    ) throws(YAMLError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var names: Set<[UInt8]> = []
        for (key, node) in mapping {
            guard case .scalar(let name) = key else {
                throw YAMLError(key.mark, "a key must be plain text, not a list or a mapping")
            }
            // Yams compares keys with their types; we read `8` and `"8"` as the same name.
            guard names.insert(Array(name.string.utf8)).inserted else {
                throw YAMLError(key.mark, "the key \(name.string.shortened) stands twice in the same mapping")
            }
            let here = place.appending(name.string)
            lines[here] = key.mark?.line
            members.append(JSONObject.Member(name.string, try value(of: node, at: here)))
        }
        return JSONObject(members)
    }

    private func refuseTag(_ tag: Tag, at mark: Mark?) throws(YAMLError) {
        // Quoted text carries the tag of text by itself.
        let implied = ["", Tag.Name.str.rawValue, Tag.Name.seq.rawValue, Tag.Name.map.rawValue]
        guard !implied.contains(tag.rawValue) else { return }
        throw YAMLError(mark, "tags (\(tag.rawValue.shortened)) are not supported; remove it")
    }

    private func refuseDepth(_ place: JSONPointer, at mark: Mark?) throws(YAMLError) {
        guard place.tokens.count >= YAMLDocument.depthMax else { return }
        throw YAMLError(mark, "lists and mappings are nested more than \(YAMLDocument.depthMax) deep")
    }
}

extension YAMLError {
    init(_ mark: Mark?, _ message: String) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message)
    }

    /// What Yams objects to, without the piece of text that its own description shows.
    fileprivate init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(mark, problem)
        case .duplicatedKeysInMapping(let names, let context):
            let name = (names.first ?? "").shortened
            self.init(context.mark, "the key \(name) stands twice in the same mapping")
        case .reader(let problem, let offset, _, _):
            let line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
            self.init(line: line, column: 1, message: problem)
        default:
            self.init(line: 1, column: 1, message: "the text is no YAML that can be read")
        }
    }
}

extension String {
    /// Enough to recognise it by.
    fileprivate var shortened: String { count <= 40 ? self : prefix(40) + "…" }
}
