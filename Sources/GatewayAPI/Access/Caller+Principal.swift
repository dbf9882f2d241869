import Gateway
import HTTPServing

extension Principal {
    /// Whether who calls on its behalf may see a task: `Caller.maySee`, without a caller for each request.
    func maySee(tasksOf client: String, _ access: ClientAccess) -> Bool {
        switch self {
        case .client(let name, let isOperator): isOperator || name == client
        case .operatorSocket, .certificate, .anonymous, .local:
            Caller(self, access).maySee(tasksOf: client)
        }
    }
}

extension Caller {
    /// Who calls the gateway on behalf of a principal.
    init(_ principal: Principal, _ access: ClientAccess) {
        switch (principal, access) {
        case (.client(let name, let isOperator), _): self.init(client: name, isOperator: isOperator)
        case (.operatorSocket(let user), _): self = .operatorSocket(user: user)
        case (.certificate(let name), .open): self = .open(certificate: name)
        case (.anonymous, .open), (.local, .open): self = .open
        case (.anonymous, .tokens), (.local, .tokens), (.certificate, .tokens): self = .nobody
        }
    }

    /// A request to a public endpoint: no task belongs to it.
    private static let nobody = Caller(client: "", isOperator: false)
}
