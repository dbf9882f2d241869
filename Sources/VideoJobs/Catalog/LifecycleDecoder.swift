import JSONText

/// Decodes the lifecycles of models, and checks that their successors can be used.
struct LifecycleDecoder {
    private static let keys = ["status", "since", "until", "successor"]

    /// The decoded models, each with its location.
    private var models: [(entry: ModelEntry, pointer: JSONPointer)] = []
    /// The ids of all elements, so that an invalid model is not also reported as unknown.
    private var ids: [String] = []

    /// Decodes the lifecycle of a model; an active one if there is none.
    static func lifecycle(of model: CatalogSection, _ list: inout CatalogIssueList) -> ModelLifecycle {
        var lifecycle = ModelLifecycle()
        guard let value = model.object["lifecycle"], value != .null,
            let section = list.section(value, at: model.pointer.appending("lifecycle"), keys: keys)
        else { return lifecycle }
        lifecycle.status = section.choice("status", &list) ?? .active
        lifecycle.since = date("since", of: section, &list)
        lifecycle.until = date("until", of: section, &list)
        lifecycle.successor = section.string("successor", &list)
        if let since = lifecycle.since, let until = lifecycle.until, until.start < since.start {
            list.add(section.pointer.appending("until"), "until is before since")
        }
        return lifecycle
    }

    private static func date(
        _ key: String, of section: CatalogSection, _ list: inout CatalogIssueList
    ) -> UTCDate? {
        guard let value = section.object[key], value != .null else { return nil }
        if let date = value.string.flatMap({ UTCDate($0) }) { return date }
        list.add(section.pointer.appending(key), "\(key) must be a date, such as 2026-11-30")
        return nil
    }

    /// Adds an element of the catalog's models.
    mutating func add(_ value: JSONValue, _ entry: ModelEntry?, at pointer: JSONPointer) {
        if let id = value["id"]?.string { ids.append(id) }
        if let entry { models.append((entry, pointer)) }
    }

    /// Reports successors that no job can use.
    func checkSuccessors(_ list: inout CatalogIssueList) {
        for model in models {
            guard let successor = model.entry.lifecycle.successor else { continue }
            let pointer = model.pointer.appending("lifecycle").appending("successor")
            guard ids.contains(where: successor.isIdentical) else {
                let hint = NearestName.find(successor, among: ids.filter { $0 != model.entry.id })
                list.add(
                    pointer, "the catalog has no model \(successor.shortened)",
                    hint: hint.map { "did you mean \($0)?" } ?? "add the successor to the catalog first")
                continue
            }
            if successor.isIdentical(to: model.entry.id) {
                list.add(pointer, "a model cannot be its own successor")
            } else if let circle = circle(from: model.entry) {
                list.add(pointer, "the successors form a circle: \(circle.joined(separator: ", "))")
            } else if let entry = self.model(successor), entry.lifecycle.status == .retired {
                let next = entry.lifecycle.successor.map { "its own successor is \($0)" }
                list.add(pointer, "the successor \(successor.shortened) is retired", hint: next)
            }
        }
    }

    private func model(_ id: String) -> ModelEntry? {
        models.first { $0.entry.id.isIdentical(to: id) }?.entry
    }

    /// Returns the models that succeed each other until the first one again; `nil` if they do not.
    private func circle(from first: ModelEntry) -> [String]? {
        var visited = [first.id]
        var current = first
        while let next = current.lifecycle.successor.flatMap({ model($0) }) {
            visited.append(next.id)
            if next.id == first.id { return visited }
            // Another circle is reported at its own models.
            guard visited.count <= models.count else { return nil }
            current = next
        }
        return nil
    }
}
