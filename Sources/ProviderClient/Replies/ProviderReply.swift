import HTTPFetching
import JSONText

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
        let named = objects.first { Self.ids(of: $0).contains { $0.isIdentical(to: id) } }
        if named == nil, Self.describesTask(objects) { return .anotherTask }
        guard let task = named ?? objects.first(where: { Self.status(of: $0) != nil }) else {
            return .nothing
        }
        let members = ["id", "status", "results", "error"]
        if let member = members.first(where: { task.values(named: $0).count > 1 }) {
            return .ambiguous(member: member)
        }
        if let following = json.following, following != json.value, Self.isTask(following) {
            return .ambiguous(member: "status")
        }
        return .task(task)
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

    /// Whether one of the objects is a task by its own id. One inside may have the id of a file or a request.
    private static func describesTask(_ objects: [JSONObject]) -> Bool {
        if let outermost = objects.first, !ids(of: outermost).isEmpty { return true }
        return objects.contains { !ids(of: $0).isEmpty && status(of: $0) != nil }
    }

    private static func isTask(_ value: JSONValue) -> Bool {
        objects(in: value, level: 0).contains { status(of: $0) != nil }
    }

    /// `id`, else what other gateways call it. A number counts as its digits.
    private static func ids(of object: JSONObject) -> [String] {
        for name in ["id", "task_id", "taskId"] {
            let ids = object.values(named: name).compactMap { value -> String? in
                if let number = value.integer { return String(number) }
                return value.string.flatMap { $0.isEmpty ? nil : $0 }
            }
            if !ids.isEmpty { return ids }
        }
        return []
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
