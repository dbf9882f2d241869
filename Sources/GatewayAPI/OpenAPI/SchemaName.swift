/// A schema that the description of the API names, as a component.
enum SchemaName: String, CaseIterable, Sendable {
    case task = "Task"
    case taskList = "TaskList"
    case problem = "Problem"
    case issue = "Issue"
    case record = "Record"
    case review = "Review"
    case adoption = "Adoption"
    case noMembers = "NoMembers"

    case job = "Job"
    case quotedJob = "QuotedJob"
    case value = "Value"
    case quote = "Quote"
    case model = "Model"
    case modelID = "ModelID"
    case modelList = "ModelList"

    case delivery = "Delivery"
    case deliveryList = "DeliveryList"

    case usage = "Usage"
    case usageSum = "UsageSum"
    case dayCeiling = "DayCeiling"

    case client = "Client"
    case clientList = "ClientList"
    case newClient = "NewClient"
    case clientChange = "ClientChange"
    case clientLimits = "ClientLimits"
    case clientBudget = "ClientBudget"
    case tokenRotation = "TokenRotation"
    case session = "Session"

    case auditRecord = "AuditRecord"
    case auditList = "AuditList"

    case resumption = "Resumption"
    case submission = "Submission"
    case backup = "Backup"
    case recordedBackup = "RecordedBackup"
    case index = "Index"
    case health = "Health"
    case readiness = "Readiness"
    case description = "Description"

    /// The value of `$ref`.
    var reference: String { "#/components/schemas/\(rawValue)" }
}

extension SchemaName {
    /// The schema; `nil` for those that depend on the catalog.
    var schema: JSONSchema? {
        switch self {
        case .task: .task
        case .taskList: .list(.task, next: .string)
        case .problem: .problem
        case .issue: .issue
        case .record: .record
        case .review: .review
        case .adoption: .adoption
        case .noMembers: .closed([])
        case .job, .modelID: nil
        case .quotedJob: .quotedJob
        case .value: .value
        case .quote: .quote
        case .model: .model
        case .modelList: .models
        case .delivery: .delivery
        case .deliveryList: .list(.delivery)
        case .usage: .usage
        case .usageSum: .usageSum
        case .dayCeiling: .dayCeiling
        case .client: .client
        case .clientList: .list(.client, next: .string)
        case .newClient: .newClient
        case .clientChange: .clientChange
        case .clientLimits: .clientLimits
        case .clientBudget: .clientBudget
        case .tokenRotation: .tokenRotation
        case .session: .session
        case .auditRecord: .auditRecord
        case .auditList: .list(.auditRecord, next: .string)
        case .resumption: .resumption
        case .submission: .submission
        case .backup: .backup
        case .recordedBackup: .recordedBackup
        case .index: .index
        case .health: .health
        case .readiness: .readiness
        case .description: .apiDescription
        }
    }
}
