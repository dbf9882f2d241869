/// A group of operations in the description of the API.
enum APITag: String, CaseIterable, Sendable {
    case videos = "Videos"
    case tasks = "Tasks"
    case settlement = "Settlement"
    case events = "Events"
    case webhooks = "Webhooks"
    case clients = "Clients"
    case sessions = "Sessions"
    case usage = "Usage"
    case models = "Models"
    case operations = "Operations"

    var summary: String {
        switch self {
        case .videos: "Jobs: what they would cost, and their submission"
        case .tasks: "The state of submitted jobs, and their videos"
        case .settlement: "Tasks whose outcome at the provider is unknown"
        case .events: "Changes of tasks as server-sent events"
        case .webhooks: "Deliveries about the end of a task"
        case .clients: "Clients of the gateway, their limits and tokens"
        case .sessions: "Sessions of browsers"
        case .usage: "Money that was spent, and who did what"
        case .models: "The catalog"
        case .operations: "The gateway itself"
        }
    }
}
