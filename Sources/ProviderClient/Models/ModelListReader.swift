import Gateway
import HTTPFetching
import JSONText

/// Collects the pages of the provider's list of models.
struct ModelListReader {
    /// The most pages that are requested, and the most names that are kept.
    static let pagesMax = 20
    static let namesMax = 10_000
    /// The maximum length of a page in bytes.
    static let pageLengthMax = 1 << 20

    private let redactor: Redactor
    private var names: Set<String> = []
    private var pages = 0

    init(redactor: Redactor) { self.redactor = redactor }

    /// What to do after a page.
    enum Step: Equatable {
        case request(query: String)
        case finished(ModelListing)
    }

    /// Reads the reply to a request for a page.
    mutating func step(after outcome: FetchOutcome) -> Step {
        let response: FetchResponse
        switch outcome {
        case .completed(let completed): response = completed
        case .failed(let error):
            return .finished(.unavailable(message: redactor.clean(error.message)))
        }
        guard (200...299).contains(response.status) else { return .finished(refusal(response)) }
        let limits = JSONLimits(bytes: Self.pageLengthMax)
        guard let value = try? JSONValue(parsing: response.body, limits: limits),
            let page = ModelPage(value)
        else { return .finished(.unsupported(message: "the reply to GET /v1/models has no list of models")) }
        let known = names.count
        names.formUnion(page.names.prefix(max(0, Self.namesMax - names.count)))
        pages += 1
        if page.next == nil, !page.isCut {
            return names.isEmpty
                ? .finished(.unsupported(message: "the list of models is empty"))
                : .finished(.listed(names))
        }
        guard let next = page.next, pages < Self.pagesMax, names.count > known else {
            return .finished(.unsupported(message: "the list of models cannot be read to its end"))
        }
        return .request(query: next)
    }

    private func refusal(_ response: FetchResponse) -> ModelListing {
        let excerpt = ProviderReply(response).excerpt(redactor)
        let message = redactor.clean("HTTP \(response.status): \(excerpt)")
        switch response.status {
        case 401, 402, 403: return .rejected(message: message)
        case 404, 405, 410, 501: return .unsupported(message: message)
        default: return .unavailable(message: message)
        }
    }
}
