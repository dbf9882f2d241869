import JSONText
import Yams

/// A converter of Yams nodes to a JSON value that records the line of each part.
struct YAMLParser {
    private(set) var lines: [JSONPointer: Int] = [:]

    mutating func document(_ text: String) throws(YAMLError) -> JSONValue {
        let parser: Parser
        let root: Node?
        do {
            // The encoding is explicit because the default depends on the environment, and prints.
            parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw YAMLError(error, in: text)
        }
        // Nodes reference their anchors weakly; the parser keeps them alive.
        return try withExtendedLifetime(parser) { () throws(YAMLError) -> JSONValue in
            guard let root else { return .null }
            lines[.root] = root.mark?.line ?? 1
            return try value(of: root, at: .root)
        }
    }

    /// Converts a node. Recursive, bounded by `depthMax`.
    private mutating func value(of node: Node, at pointer: JSONPointer) throws(YAMLError) -> JSONValue {
        if node.anchor != nil {
            throw YAMLError(node.mark, "anchors and aliases (& and *) are not supported")
        }
        switch node {
        case .scalar(let scalar):
            try rejectTag(scalar.tag, at: scalar.mark)
            // `!!str 8` has the plain style but is a string.
            guard scalar.style == .plain, scalar.tag.rawValue.isEmpty else { return .string(scalar.string) }
            return try PlainScalar.value(of: scalar.string, at: scalar.mark)
        case .sequence(let sequence):
            try rejectTag(sequence.tag, at: sequence.mark)
            try checkDepth(pointer, at: sequence.mark)
            return .array(try elements(of: sequence, at: pointer))
        case .mapping(let mapping):
            try rejectTag(mapping.tag, at: mapping.mark)
            try checkDepth(pointer, at: mapping.mark)
            return .object(try object(of: mapping, at: pointer))
        case .alias(let alias):
            throw YAMLError(alias.mark, "anchors and aliases (& and *) are not supported")
        }
    }

    private mutating func elements(
        of sequence: Node.Sequence, at pointer: JSONPointer
    ) throws(YAMLError) -> [JSONValue] {
        var elements: [JSONValue] = []
        for node in sequence {
            let childPointer = pointer.appending(elements.count)
            lines[childPointer] = node.mark?.line
            elements.append(try value(of: node, at: childPointer))
        }
        return elements
    }

    private mutating func object(
        of mapping: Node.Mapping, at pointer: JSONPointer
    ) throws(YAMLError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var names: Set<[UInt8]> = []
        for (key, node) in mapping {
            guard case .scalar(let name) = key else {
                throw YAMLError(key.mark, "a key must be a string, not a list or a mapping")
            }
            // Yams compares keys with their types; here `8` and `"8"` are the same key.
            guard names.insert(Array(name.string.utf8)).inserted else {
                throw YAMLError(key.mark, "duplicate key \(name.string.shortened)")
            }
            let childPointer = pointer.appending(name.string)
            lines[childPointer] = key.mark?.line
            members.append(JSONObject.Member(name.string, try value(of: node, at: childPointer)))
        }
        return JSONObject(members)
    }

    private func rejectTag(_ tag: Tag, at mark: Mark?) throws(YAMLError) {
        // Quoted scalars have the string tag implicitly.
        let implied = ["", Tag.Name.str.rawValue, Tag.Name.seq.rawValue, Tag.Name.map.rawValue]
        guard !implied.contains(tag.rawValue) else { return }
        throw YAMLError(mark, "tags (\(tag.rawValue.shortened)) are not supported")
    }

    private func checkDepth(_ pointer: JSONPointer, at mark: Mark?) throws(YAMLError) {
        guard pointer.tokens.count >= YAMLDocument.depthMax else { return }
        throw YAMLError(mark, "lists and mappings are nested more than \(YAMLDocument.depthMax) deep")
    }
}
