import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

@Suite struct PollClassifierTests {
    private let id = ProviderTaskID("task-1")

    private func outcome(_ fetch: FetchOutcome) -> PollOutcome {
        let outcome = PollClassifier(key: key).outcome(of: fetch, for: id, now: november)
        expectNoKey(in: outcome)
        return outcome
    }

    @Test func `a task object is a report`() {
        let body = #"{"id":"task-1","status":"completed","progress":100,"results":[{"url":"https://v/1"}]}"#
        let report = ProviderReport(.completed, progress: 100, links: ["https://v/1"])
        #expect(outcome(.answer(200, body)) == .report(report))
        #expect(outcome(.answer(200, #"{"status":"pending"}"#)) == .report(ProviderReport(.pending)))
    }

    @Test(arguments: [
        "", "<html>", "{}", #"{"id":"task-1"}"#, #"{"id":"task-2","status":"completed"}"#, errorText,
    ])
    func `a success that is no report of this task says nothing`(_ body: String) {
        guard case .unavailable = outcome(.answer(200, body)) else {
            Issue.record("\(body)")
            return
        }
    }

    @Test func `only the provider itself can say that it does not know the task or us`() {
        let words = ": No such model"
        #expect(outcome(.answer(404, errorText)) == .notKnown(words: "HTTP 404" + words))
        for status in [401, 402, 403] {
            #expect(
                outcome(.answer(status, errorText)) == .credentialsRejected(words: "HTTP \(status)" + words))
        }
        for status in [401, 402, 403, 404] {
            for body in ["", "error code: 1010", "{}"] {
                #expect(
                    outcome(.answer(status, body)) == .unavailable(words: "HTTP \(status)", retryAfter: nil))
            }
        }
    }

    @Test func `every other status is no news, with the wait it asks for`() {
        let named: Set<Int> = [401, 402, 403, 404]
        for status in 100...599 where !(200...299).contains(status) && !named.contains(status) {
            let fetch = FetchOutcome.answer(status, errorText, [(name: "Retry-After", value: "9")])
            #expect(
                outcome(fetch)
                    == .unavailable(words: "HTTP \(status): No such model", retryAfter: .seconds(9)))
        }
    }

    @Test func `a failed transfer is no news`() {
        for stage in [FetchFailure.Stage.beforeSending, .afterSending, .tooLarge, .cancelled] {
            let failure = FetchFailure(stage: stage, words: "words \(secret)")
            #expect(outcome(.failed(failure)) == .unavailable(words: "words APIKey(…)", retryAfter: nil))
        }
    }
}
