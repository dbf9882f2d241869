import GatewayProtocol
import Glibc
import HTTPFetching
import JSONText
import Transport

/// The gateway that an operator manages from its machine: a running one through its operator socket, else the
/// store itself.
struct OperatorGateway: Sendable {
    private let configuration: Configuration
    private let loop: EventLoop

    /// The longest response, in bytes.
    private static let responseMax: Int64 = 64 << 20
    private static let attemptsMax = 30

    init(_ configuration: Configuration) throws {
        self.configuration = configuration
        loop = try EventLoop(label: "operator")
    }

    /// The name of the configuration that found the gateway.
    var settingsName: String { configuration.file?.name ?? "the configuration" }

    /// Returns the response to a call, whatever its status. Throws errors for the operator.
    func fetch(_ call: OperatorCall) async throws -> FetchResponse { try await response(to: call) }

    /// Returns the document of a client that a call responds with. Throws errors for the operator.
    func client(_ call: OperatorCall) async throws -> ClientDocument {
        let response = try await response(to: call)
        guard let report = Self.document(response).flatMap(ClientDocument.init) else {
            throw Self.error(response)
        }
        for warning in report.warnings { StandardStream.error.line("warning: \(warning)") }
        return report
    }

    /// Returns the document that a call responds with. Throws errors for the operator.
    func document(_ call: OperatorCall) async throws -> JSONValue {
        let response = try await response(to: call)
        guard let document = Self.document(response) else { throw Self.error(response) }
        return document
    }

    /// Returns all clients. Throws errors for the operator.
    func clients(
        _ call: OperatorCall = OperatorCall("GET", GatewayPath.clients)
    ) async throws -> [ClientDocument] {
        let response = try await response(to: call)
        guard let list = Self.document(response)?[ListMember.data]?.array else { throw Self.error(response) }
        return list.compactMap(ClientDocument.init)
    }

    /// Returns the body of a successful response. Throws errors for the operator.
    func body(_ call: OperatorCall) async throws -> [UInt8] {
        let response = try await response(to: call)
        guard response.status == 200 else { throw Self.error(response) }
        return response.body
    }

    /// Returns the documents of one page of a list, and where the next page begins. Throws errors for the
    /// operator.
    func page(_ call: OperatorCall) async throws -> (documents: [JSONValue], next: String?) {
        let response = try await response(to: call)
        guard let page = Self.document(response), let list = page[ListMember.data]?.array else {
            throw Self.error(response)
        }
        return (list, page[ListMember.next]?.string)
    }

    /// Repeats both ways for a moment: a gateway that starts holds the store before it has its socket.
    private func response(to call: OperatorCall) async throws -> FetchResponse {
        let path = configuration.settings.operatorSocketPath
        var attempts = path == nil ? 1 : Self.attemptsMax
        while true {
            if let path, let response = try await responseOverSocket(to: call, path) { return response }
            do {
                if call.needsGateway { throw Self.notRunning }
                return try await StoreCall(configuration, loop).response(to: call)
            } catch let error as CommandError where error.status == .unreachable && attempts > 1 {
                attempts -= 1
                await loop.sleep(for: .milliseconds(100))
            }
        }
    }

    private static let notRunning = CommandError(
        "no gateway is running with this configuration, or its operator socket is off",
        remedy: "Start the gateway, or name a running one with --gateway.", status: .unreachable)

    /// Returns `nil` if no gateway listens on the socket.
    private func responseOverSocket(to call: OperatorCall, _ path: String) async throws -> FetchResponse? {
        if let owner = FileOwner(of: path), ![0, owner.id].contains(geteuid()) {
            throw CommandError(
                "the operator socket \(path) belongs to \(owner), and the command runs as uid \(geteuid())",
                remedy: "Run the command as that user or as root: nobody else may use the socket.")
        }
        switch await fetch(call, path) {
        case .completed(let response): return response
        case .failed(let failure) where failure.stage == .beforeSending: return nil
        case .failed(let failure):
            throw CommandError(
                "the gateway's response was lost: \(failure.message)",
                remedy: call.method == "GET"
                    ? "Nothing was changed: try again."
                    : "The change may be in force: check with reelgate clients list before you try again.",
                status: .unreachable)
        }
    }

    private func fetch(_ call: OperatorCall, _ socket: String) async -> FetchOutcome {
        let fetcher = HTTPFetcher(
            loop: loop, userAgent: "reelgate/\(Reelgate.version)", connectionsMax: 1)
        var request = FetchRequest(
            call.method, "http://localhost" + call.target, body: call.body.map { .once($0) } ?? .none)
        request.unixSocket = socket
        request.responseLimit = Self.responseMax
        request.fields = [("Accept", call.accept)]
        if call.body != nil { request.fields.append(("Content-Type", "application/json")) }
        return await fetcher.fetch(request)
    }

    private static func document(_ response: FetchResponse) -> JSONValue? {
        guard (200...299).contains(response.status) else { return nil }
        return try? JSONValue(parsing: response.body, limits: JSONLimits(bytes: Int(responseMax)))
    }

    private static func error(_ response: FetchResponse) -> CommandError {
        let problem = GatewayProblem(response)
        var error = problem.commandError
        if problem.code == ProblemCode.notFound.rawValue {
            error.remedy = "reelgate clients list shows the existing clients."
        } else if problem.code == ProblemCode.invalidParameters.rawValue {
            error.remedy = "Correct the options; nothing was changed."
        }
        return error
    }
}
