import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

/// Reads the body of a call that adds or changes a client, as strictly as a job: every issue at once.
struct ClientBody {
    /// The name, where the call adds a client.
    private(set) var name: String?
    /// The changes of all given members.
    private(set) var changes: [@Sendable (inout Client) -> Void] = []
    private var issues: [RequestIssue] = []

    /// The largest budget, in micro-dollars.
    static let moneyMax: Int64 = 1_000_000_000_000_000
    /// The range of a limit.
    static let limits = 1...1_000_000_000

    /// - Parameters:
    ///   - isNew: Whether `name` is required; otherwise it must not be given.
    ///   - catalog: The models that a client can be allowed.
    init(_ request: RouteRequest, isNew: Bool, catalog: ModelCatalog) throws(Problem) {
        guard let object = try JSONBody.parse(request).object else {
            throw Problem(.invalidParameters, "the body must be a JSON object", at: .pointer(""))
        }
        for member in object.members { read(member, isNew: isNew, catalog) }
        if isNew, object[ClientMember.name.rawValue] == nil {
            issues.append(RequestIssue(.pointer("/name"), .required, "name is missing"))
        }
        guard issues.isEmpty else {
            let count = issues.count == 1 ? "1 issue" : "\(issues.count) issues"
            var problem = Problem(.invalidParameters, "\(count) in the body")
            problem.issues = Array(issues.prefix(ModelCatalog.issuesMax))
            throw problem
        }
    }

    private mutating func read(_ member: JSONObject.Member, isNew: Bool, _ catalog: ModelCatalog) {
        let names: [ClientMember] = [.role, .models, .limits, .budget, .weight] + (isNew ? [.name] : [])
        guard let field = ClientMember(rawValue: member.name), names.contains(field) else {
            return addUnknown(member.name, at: .root, among: names)
        }
        let location = JSONPointer.root.appending(member.name)
        switch field {
        case .name: readName(member.value, location)
        case .role: readRole(member.value, location)
        case .models: readModels(member.value, location, catalog)
        case .limits: readLimits(member.value, location)
        case .budget: readBudget(member.value, location)
        case .weight:
            let range = Int64(Client.weights.lowerBound)...Int64(Client.weights.upperBound)
            if let weight = integer(member.value, range, location) {
                changes.append { $0.weight = Int(weight) }
            }
        case .object, .created, .revoked, .tokens, .token, .issued, .expires, .usd, .microdollars, .per,
            .requestsPerMinute, .inFlight, .jobsPerDay, .overlapSeconds, .warnings:
            break
        }
    }

    private mutating func readName(_ value: JSONValue, _ location: JSONPointer) {
        guard let text = value.string, Client.isValidName(text) else {
            return add(
                location, value.string == nil ? .wrongType : .notAllowed,
                "name must be 1 to 64 of a-z, 0-9, '.', '_' and '-', begin with a letter or digit, and not be"
                    + " \(Client.reservedNames.sorted().joined(separator: " or "))")
        }
        name = text
    }

    private mutating func readRole(_ value: JSONValue, _ location: JSONPointer) {
        guard let role = value.string.flatMap(ClientRole.init(rawValue:)) else {
            return add(location, .notAllowed, "role must be submitter or operator", allowed: ClientRole.self)
        }
        changes.append { $0.role = role }
    }

    private mutating func readModels(
        _ value: JSONValue, _ location: JSONPointer, _ catalog: ModelCatalog
    ) {
        if value == .null { return changes.append { $0.models = nil } }
        guard let list = value.array, !list.isEmpty else {
            return add(location, .wrongType, "models must be a list of model ids, or null for all")
        }
        let known = catalog.models.map(\.id)
        var models: [String] = []
        for (index, element) in list.enumerated() {
            guard let id = element.string, known.contains(id) else {
                add(location.appending("\(index)"), .notAllowed, "the catalog has no such model")
                issues[issues.count - 1].hint =
                    element.string.flatMap { NearestName.find($0, among: known) }.map {
                        "did you mean \($0)?"
                    }
                continue
            }
            if !models.contains(id) { models.append(id) }
        }
        let allowed = models
        changes.append { $0.models = allowed }
    }

    private mutating func readLimits(_ value: JSONValue, _ location: JSONPointer) {
        if value == .null { return changes.append { $0.limits = ClientLimits() } }
        guard let object = value.object else {
            return add(location, .wrongType, "limits must be an object, or null for none")
        }
        let names: [ClientMember] = [.requestsPerMinute, .inFlight, .jobsPerDay]
        for member in object.members {
            guard let field = ClientMember(rawValue: member.name), names.contains(field) else {
                addUnknown(member.name, at: location, among: names)
                continue
            }
            readLimit(field, member.value, location.appending(member.name))
        }
    }

    private mutating func readLimit(_ field: ClientMember, _ value: JSONValue, _ location: JSONPointer) {
        var limit: Int?
        if value != .null {
            guard
                let given = integer(
                    value, Int64(Self.limits.lowerBound)...Int64(Self.limits.upperBound), location)
            else { return }
            limit = Int(given)
        }
        let set = limit
        switch field {
        case .requestsPerMinute: changes.append { $0.limits.requestsPerMinute = set }
        case .inFlight: changes.append { $0.limits.inFlight = set }
        default: changes.append { $0.limits.jobsPerDay = set }
        }
    }

    private mutating func readBudget(_ value: JSONValue, _ location: JSONPointer) {
        if value == .null { return changes.append { $0.budget = nil } }
        guard let object = value.object else {
            return add(location, .wrongType, "budget must be an object, or null for none")
        }
        let names: [ClientMember] = [.usd, .per, .microdollars]
        for member in object.members where ClientMember(rawValue: member.name).map(names.contains) != true {
            addUnknown(member.name, at: location, among: names)
        }
        let amount = amount(object, location)
        let period = object[ClientMember.per.rawValue]?.string.flatMap(ClientBudget.Period.init(rawValue:))
        if period == nil {
            add(
                location.appending(ClientMember.per.rawValue), .notAllowed, "per must be day or month",
                allowed: ClientBudget.Period.self)
        }
        guard let amount, let period else { return }
        changes.append { $0.budget = ClientBudget(microdollars: amount, per: period) }
    }

    /// Returns the amount of a budget in micro-dollars, or adds an issue. A document that was read has both
    /// spellings of it.
    private mutating func amount(_ budget: JSONObject, _ location: JSONPointer) -> Int64? {
        let name = ClientMember.microdollars.rawValue
        let exact = budget[name]
        guard let usd = budget[ClientMember.usd.rawValue] else {
            guard exact != nil else {
                add(location.appending(ClientMember.usd.rawValue), .required, "usd is missing")
                return nil
            }
            return integer(exact ?? .null, 0...Self.moneyMax, location.appending(name))
        }
        guard let amount = usd.units(decimals: 6), (0...Self.moneyMax).contains(amount) else {
            let isNumber = usd.isNumber
            add(
                location.appending(ClientMember.usd.rawValue), isNumber ? .notAllowed : .wrongType,
                "it must be a number of US dollars from 0 to \(Self.moneyMax / 1_000_000), with at most six "
                    + "decimals")
            return nil
        }
        guard exact == nil || exact?.integer == amount else {
            add(location.appending(name), .notAllowed, "it is another amount than usd; give one of them")
            return nil
        }
        return amount
    }

    /// Returns a whole number in a range, or adds an issue.
    private mutating func integer(
        _ value: JSONValue, _ range: ClosedRange<Int64>, _ location: JSONPointer
    ) -> Int64? {
        if let number = value.integer, range.contains(number) { return number }
        add(
            location, value.integer == nil ? .wrongType : .notAllowed,
            "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}

// Issues of a body.
extension ClientBody {
    private mutating func addUnknown(_ name: String, at parent: JSONPointer, among known: [ClientMember]) {
        let pointer = parent.appending(name).description
        var issue = RequestIssue(.pointer(pointer), .unknownField, "a client has no such field")
        issue.hint = NearestName.find(name, among: known.map(\.rawValue)).map { "did you mean \($0)?" }
        issues.append(issue)
    }

    private mutating func add(_ location: JSONPointer, _ code: IssueCode, _ message: String) {
        issues.append(RequestIssue(.pointer(location.description), code, message))
    }

    private mutating func add<Value: CaseIterable & RawRepresentable<String>>(
        _ location: JSONPointer, _ code: IssueCode, _ message: String, allowed: Value.Type
    ) {
        var issue = RequestIssue(.pointer(location.description), code, message)
        issue.allowed = Value.allCases.map { .string($0.rawValue) }
        issues.append(issue)
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .bool, .string, .array, .object: false
        }
    }
}
