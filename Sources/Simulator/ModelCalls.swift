import HTTPServing
import HTTPWire
import JSONText

/// The provider's list of models.
extension SimulatedProvider {
    mutating func models(_ request: HTTPRequest) -> SimulatedResponse {
        ledger.count(request.head.method, "/v1/models")
        guard request.head.method == "GET" else { return SimulatedResponse(Self.wrongMethod("GET")) }
        let actions = script.actions(for: ProviderCall(kind: .models, path: request.head.path))
        guard request.head.bearerKey != nil else {
            return SimulatedResponse(ProviderFault.noKey.response, applying: actions, to: request.head)
        }
        let ids = (ProviderModel.all.keys.sorted() + furtherModels).filter { id in
            actions?.omittedModels.contains(id) != true
        }
        let list = ids.map { id -> JSONValue in
            ["id": .string(id), "object": "model", "owned_by": "simulator"]
        }
        let page: JSONValue = ["object": "list", "data": .array(list)]
        return SimulatedResponse(.json(200, page.serialized()), applying: actions, to: request.head)
    }
}
