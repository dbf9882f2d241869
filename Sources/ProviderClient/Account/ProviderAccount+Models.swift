package import Gateway
import HTTPFetching
package import VideoJobs

extension ProviderAccount {
    /// Requests the provider's list of models, page by page.
    package func models() async -> ModelListing {
        let calls = currentCalls
        var reader = ModelListReader(redactor: calls.key.redactor)
        var query = ""
        while true {
            var request = request("GET", "/v1/models\(query)", timeout: listTimeout, with: calls.key)
            request.responseLimit = Int64(ModelListReader.pageLengthMax)
            switch reader.step(after: await fetch(request)) {
            case .request(let next): query = "?\(next)"
            case .finished(let listing): return listing
            }
        }
    }

    /// Asks for a task that does not exist, to find out whether the provider accepts the key. Buys nothing.
    package func probeKey() async -> PollOutcome { await poll(ProviderTaskID("reelgate-check")) }
}
