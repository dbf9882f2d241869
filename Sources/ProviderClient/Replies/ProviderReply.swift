import HTTPFetching
import JSONText
import VideoJobs

/// A reply of the provider, read liberally: whatever else is odd in it, its task, ids, error and message
/// count.
struct ProviderReply {
    /// The longest reply that is read, in bytes: nobody needs the preview picture that makes one long.
    static let longest = 4 << 20

    let response: FetchResponse
    private let json: LenientJSON?

    init(_ response: FetchResponse) {
        self.response = response
        self.json = LenientJSON(response.body, limits: JSONLimits(bytes: Self.longest, depth: 64))
    }

    /// Whether the text holds an object or array.
    var isReadable: Bool { json != nil }

    /// The error in the provider's own shape. A text in which something else stands beside it is not the
    /// provider's alone, and two errors that differ are none.
    var error: ProviderErrorShape? {
        guard let json, !json.isEmbedded, json.following == nil, let object = json.value.object,
            object.values(named: "error").count == 1
        else { return nil }
        return ProviderErrorShape(json.value)
    }

    /// Whether a code or type of the error says that the account's quota is used up.
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

    /// The distinct ids by which a create's reply names its task: one, if it can be followed.
    var taskIDs: [String] {
        guard let json else { return [] }
        var ids: [String] = []
        for value in [json.value, json.following].compactMap({ $0 }) {
            for id in Self.idsOfTask(in: value) where !ids.contains(where: id.isIdentical) { ids.append(id) }
        }
        return ids
    }

    /// The object that describes the task of a create.
    var createdTask: JSONObject {
        let objects = json.map { Self.objects(in: $0.value, level: 0) } ?? []
        return objects.first { !Self.ids(of: $0).isEmpty } ?? objects.first ?? [:]
    }

    /// What a poll's reply says of one task.
    enum Named {
        case task(JSONObject)
        /// It has two values of a member that must have one.
        case ambiguous(member: String)
        case anotherTask
        case nothing
    }

    /// The object that describes the task of this id.
    func task(named id: String) -> Named {
        guard let json else { return .nothing }
        let objects = Self.objects(in: json.value, level: 0)
        let named = objects.filter { Self.names($0, id) }
        if named.isEmpty, Self.describesTask(objects, other: id) { return .anotherTask }
        guard let task = Self.firstWithStatus(named.isEmpty ? objects : named) ?? named.first else {
            return .nothing
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

    /// Whether a member has values that differ; the spellings of one status word do not.
    private static func isAmbiguous(_ name: String, of task: JSONObject) -> Bool {
        let values = task.values(named: name)
        guard name == "status", values.count > 1 else { return values.count > 1 }
        let message = values.map { $0.string.map(ProviderVocabulary.normalized) }
        return message.contains(nil) || Set(message).count > 1
    }

    /// The status word of a task; a number counts as its digits.
    static func status(of task: JSONObject) -> String? {
        for name in ["status", "state", "task_status", "taskStatus"] {
            if let text = task[name]?.string { return text }
            if let number = task[name]?.integer { return String(number) }
        }
        return nil
    }

    // MARK: Wrappers

    /// Where gateways in front of a provider put its object.
    private static let wrappers = [
        "data", "task", "result", "output", "response", "job", "payload", "body",
    ]
    private static let nestingMax = 3
    private static let elementsMax = 8

    /// The objects that may be the task, the outermost first. Never one under `error`.
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

    /// Ids of the outermost objects that have one: of an object, or of all elements of a list.
    private static func idsOfTask(in value: JSONValue) -> [String] {
        if case .array(let elements) = value {
            return elements.prefix(elementsMax).flatMap { idsOfTask(in: $0) }
        }
        return objects(in: value, level: 0).lazy.map(ids).first { !$0.isEmpty } ?? []
    }

    /// The first object with a status: itself, or wrapped in an object that names the task.
    private static func firstWithStatus(_ named: [JSONObject]) -> JSONObject? {
        named.lazy.compactMap { object in
            objects(in: .object(object), level: 0).first { status(of: $0) != nil }
        }.first
    }

    /// Whether an object carries this id under any name of ids: `id` beside it may be a row's or a request's.
    private static func names(_ object: JSONObject, _ id: String) -> Bool {
        let wanted = trimmed(id)
        return idNames.contains { name in ids(named: name, of: object).contains(where: wanted.isIdentical) }
    }

    /// Whether one of the objects is another task by its own id. One inside may have the id of a file or a
    /// request. A number is the id of a task only where ours is one.
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

    /// `id`, and what other gateways call it.
    private static let idNames = ["id", "task_id", "taskId", "taskID", "taskid", "task-id"]

    /// The ids under the first name that has any.
    private static func ids(of object: JSONObject) -> [String] {
        idNames.lazy.map { ids(named: $0, of: object) }.first { !$0.isEmpty } ?? []
    }

    /// A number counts as its digits; a blank text is no id.
    private static func ids(named name: String, of object: JSONObject) -> [String] {
        object.values(named: name).compactMap { value in
            if let number = value.integer { return String(number) }
            let id = value.string.map(trimmed) ?? ""
            return id.isEmpty ? nil : id
        }
    }

    /// Without white space, line ends and byte order marks around it.
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

// What the reply shows a person.
extension ProviderReply {
    /// What was received: the provider's message, else the beginning of the text, and where a redirect
    /// points.
    func received(_ redactor: Redactor) -> String {
        let message = ProviderMessage(json?.value, text: response.body).text
        let bytes = response.body.count
        let silence = bytes == 0 ? "an empty body" : "\(bytes) bytes without text"
        var parts = [message.isEmpty ? silence : redactor.clean(message, limit: 300)]
        if let location = response["Location"], !location.isEmpty {
            let isRedirect = (300...399).contains(response.status)
            let hint = isRedirect ? " (does base_url name another host or scheme?)" : ""
            parts.append("Location: \(redactor.clean(location, limit: 200))\(hint)")
        }
        return parts.joined(separator: "; ")
    }
}
