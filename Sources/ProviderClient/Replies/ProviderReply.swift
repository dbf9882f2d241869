import HTTPFetching
import JSONText
import VideoJobs

/// A leniently parsed reply of the provider. Its task, IDs, error and message are found in spite of other
/// defects.
struct ProviderReply {
    /// The maximum length of a reply in bytes. Only embedded preview images make replies longer.
    static let lengthMax = 4 << 20

    let response: FetchResponse
    private let json: LenientJSON?

    init(_ response: FetchResponse) {
        self.response = response
        self.json = LenientJSON(response.body, limits: JSONLimits(bytes: Self.lengthMax, depth: 64))
    }

    /// Whether the body contains an object or array.
    var isReadable: Bool { json != nil }

    /// The error in the provider's own format; `nil` if other text surrounds it or if the body contains two
    /// different errors.
    var error: ProviderErrorShape? {
        guard let json, !json.isEmbedded, json.following == nil, let object = json.value.object,
            object.values(named: "error").count == 1
        else { return nil }
        return ProviderErrorShape(json.value)
    }

    /// Whether an error code or type means that the account's quota is exhausted.
    func hasQuotaCode(_ isQuotaCode: (String) -> Bool) -> Bool {
        guard let json, !json.isEmbedded else { return false }
        let errors = Self.objects(in: json.value, level: 0).flatMap { object in
            [.object(object)] + object.values(named: "error") + (object["errors"]?.array?.prefix(8) ?? [])
        }
        return errors.contains { error in
            let texts =
                [error.string] + ["code", "type", "error_code", "errorCode"].map { error[$0]?.string }
            return texts.contains { $0.map(isQuotaCode) ?? false }
        }
    }

    // MARK: Tasks

    /// The distinct task IDs in the reply to a create. The task can be continued only if there is exactly
    /// one.
    var taskIDs: [String] {
        guard let json else { return [] }
        var ids: [String] = []
        for value in [json.value, json.following].compactMap({ $0 }) {
            for id in Self.idsOfTask(in: value) where !ids.contains(where: id.isIdentical) { ids.append(id) }
        }
        return ids
    }

    /// The task object in the reply to a create.
    var createdTask: JSONObject {
        let objects = json.map { Self.objects(in: $0.value, level: 0) } ?? []
        return objects.first { !Self.ids(of: $0).isEmpty } ?? objects.first ?? [:]
    }

    /// The content of a poll's reply regarding one task.
    enum TaskMatch {
        case task(JSONObject)
        /// The task object has two different values of a member.
        case ambiguous(member: String)
        case anotherTask
        case noTask
    }

    /// Finds the task object with this ID.
    func task(named id: String) -> TaskMatch {
        guard let json else { return .noTask }
        let objects = Self.objects(in: json.value, level: 0)
        let named = objects.filter { Self.names($0, id) }
        if named.isEmpty, Self.describesTask(objects, other: id) { return .anotherTask }
        guard let task = Self.firstWithStatus(named.isEmpty ? objects : named) ?? named.first else {
            return .noTask
        }
        let members = ["id", "status", "results", "error"]
        if let member = members.first(where: { Self.isAmbiguous($0, of: task) }) {
            return .ambiguous(member: member)
        }
        if let following = json.following, following != json.value, Self.isTask(following) {
            return .ambiguous(member: "status")
        }
        return .task(task)
    }

    /// Whether a member has different values. Spellings of the same status are equal.
    private static func isAmbiguous(_ name: String, of task: JSONObject) -> Bool {
        let values = task.values(named: name)
        guard name == "status", values.count > 1 else { return values.count > 1 }
        let statuses = values.map { $0.string.map(ProviderVocabulary.normalized) }
        return statuses.contains(nil) || Set(statuses).count > 1
    }

    /// Returns the status of a task; a number is converted to its digits.
    static func status(of task: JSONObject) -> String? {
        for name in ["status", "state", "task_status", "taskStatus"] {
            if let text = task[name]?.string { return text }
            if let number = task[name]?.integer { return String(number) }
        }
        return nil
    }

    // MARK: Wrappers

    /// Members in which intermediaries wrap the provider's object.
    private static let wrappers = [
        "data", "task", "result", "output", "response", "job", "payload", "body",
    ]
    private static let nestingMax = 3
    private static let elementsMax = 8

    /// Returns the objects that may be the task, outermost first; never one inside `error`.
    private static func objects(in value: JSONValue, level: Int) -> [JSONObject] {
        guard level < nestingMax else { return [] }
        switch value {
        case .object(let object):
            let inner = wrappers.flatMap { name in
                object.values(named: name).flatMap { objects(in: $0, level: level + 1) }
            }
            return [object] + inner
        case .array(let elements):
            return elements.prefix(elementsMax).flatMap { objects(in: $0, level: level + 1) }
        case .null, .bool, .integer, .real, .string: return []
        }
    }

    /// Returns the IDs of the outermost objects that have one: of an object, or of all elements of an array.
    private static func idsOfTask(in value: JSONValue) -> [String] {
        if case .array(let elements) = value {
            return elements.prefix(elementsMax).flatMap { idsOfTask(in: $0) }
        }
        return objects(in: value, level: 0).lazy.map(ids).first { !$0.isEmpty } ?? []
    }

    /// Returns the first object with a status among the given objects and the objects that they wrap.
    private static func firstWithStatus(_ named: [JSONObject]) -> JSONObject? {
        named.lazy.compactMap { object in
            objects(in: .object(object), level: 0).first { status(of: $0) != nil }
        }.first
    }

    /// Whether any ID member of an object has this value. `id` beside `task_id` may identify a row or a
    /// request.
    private static func names(_ object: JSONObject, _ id: String) -> Bool {
        let wanted = trimmed(id)
        return idNames.contains { name in ids(named: name, of: object).contains(where: wanted.isIdentical) }
    }

    /// Whether one of the objects is a different task by its ID. Nested objects may have the ID of a file or
    /// a request. A number is a task ID only if the expected ID is a number.
    private static func describesTask(_ objects: [JSONObject], other id: String) -> Bool {
        let isNumber = trimmed(id).utf8.allSatisfy { (0x30...0x39).contains($0) }
        let hasID: (JSONObject) -> Bool = { object in
            idNames.contains { name in
                object.values(named: name).contains { $0.string.map { !trimmed($0).isEmpty } ?? isNumber }
            }
        }
        if let outermost = objects.first, hasID(outermost) { return true }
        return objects.contains { hasID($0) && status(of: $0) != nil }
    }

    private static func isTask(_ value: JSONValue) -> Bool {
        objects(in: value, level: 0).contains { status(of: $0) != nil }
    }

    /// The names of ID members, `id` and the ones that intermediaries use.
    private static let idNames = ["id", "task_id", "taskId", "taskID", "taskid", "task-id"]

    /// Returns the IDs of the first ID member that has any.
    private static func ids(of object: JSONObject) -> [String] {
        idNames.lazy.map { ids(named: $0, of: object) }.first { !$0.isEmpty } ?? []
    }

    /// Returns the IDs of one member. A number is converted to its digits; a blank string is not an ID.
    private static func ids(named name: String, of object: JSONObject) -> [String] {
        object.values(named: name).compactMap { value in
            if let number = value.integer { return String(number) }
            let id = value.string.map(trimmed) ?? ""
            return id.isEmpty ? nil : id
        }
    }

    /// Removes white space, line ends and byte order marks around an ID.
    private static func trimmed(_ id: String) -> String {
        let scalars = id.unicodeScalars
        let isBlank: (Unicode.Scalar) -> Bool = {
            $0.properties.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200B}"
        }
        let start = scalars.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}

extension ProviderReply {
    /// Returns an excerpt for diagnosis: the provider's message or the beginning of the text, and the target
    /// of a redirect.
    func excerpt(_ redactor: Redactor) -> String {
        let message = ProviderMessage(json?.value, text: response.body).text
        let bytes = response.body.count
        let placeholder = bytes == 0 ? "an empty body" : "\(bytes) bytes without text"
        var parts = [message.isEmpty ? placeholder : redactor.clean(message, limit: 300)]
        if let location = response["Location"], !location.isEmpty {
            let isRedirect = (300...399).contains(response.status)
            let hint = isRedirect ? " (does base_url name another host or scheme?)" : ""
            parts.append("Location: \(redactor.clean(location, limit: 200))\(hint)")
        }
        return parts.joined(separator: "; ")
    }
}
