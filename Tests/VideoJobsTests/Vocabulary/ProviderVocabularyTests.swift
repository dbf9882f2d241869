import JSONText
import Testing
import YAMLText

@testable import VideoJobs

/// The provider's status words and quota codes: built in, added by a catalog, and invalid ones.
@Suite struct ProviderVocabularyTests {
    private func catalog(_ section: String) throws -> ModelCatalog {
        let text = section + "\nmodels: [{id: m, mode: x, parameters: [{p: {type: string}}]}]\n"
        return try ModelCatalog(decoding: try YAMLDocument(parsing: Array(text.utf8)).value)
    }

    private func issues(_ section: String) throws -> [String] {
        let text = section + "\nmodels: [{id: m, mode: x, parameters: [{p: {type: string}}]}]\n"
        let value = try YAMLDocument(parsing: Array(text.utf8)).value
        do throws(CatalogError) {
            _ = try ModelCatalog(decoding: value)
            return []
        } catch {
            return error.issues.map { "\($0.pointer): \($0.message)" }
        }
    }

    @Test(arguments: [
        ("completed", ProviderReport.Status.completed), ("COMPLETED", .completed),
        (" Succeeded ", .completed),
        ("in progress", .processing), ("IN-PROGRESS", .processing), ("inProgress", .processing),
        ("Queued", .pending), ("CANCELED", .cancelled), ("cancelled", .cancelled), ("Error", .failed),
        ("STATUS_FAILURE", .failed), ("TASK_STATE_RUNNING", .processing),
    ])
    func `a status word has the same meaning in every spelling`(_ text: String, _ word: ProviderReport.Status)
    {
        #expect(ProviderVocabulary.standard.status(text) == word)
    }

    @Test(arguments: [
        ("Cancelled_By_User", ProviderReport.Status.cancelled), ("CancelledByUser", .cancelled),
        ("failed: no frames", .failed), ("TIMED_OUT_IN_QUEUE_2", nil), ("timed-out after 60 s", .failed),
        ("rejected-by-moderation", .failed), ("failed_will_retry", nil), ("cancel_requested", nil),
        ("error recovery", nil), ("failsafe", nil), ("completed_with_errors", nil),
    ])
    func `a text that begins with a word for failure or cancellation has that status`(
        _ text: String, _ word: ProviderReport.Status?
    ) {
        #expect(ProviderVocabulary.standard.status(text) == word)
    }

    @Test(arguments: ["", " ", "dreaming", "status", "task", "completedish", "0"])
    func `an unlisted word has no meaning`(_ text: String) {
        #expect(ProviderVocabulary.standard.status(text) == nil)
    }

    @Test func `the shipped catalog lists the built-in vocabulary`() throws {
        #expect(ShippedCatalog.catalog.vocabulary == .standard)
        #expect(try catalog("").vocabulary == .standard)
    }

    @Test func `a catalog adds words and overrides meanings`() throws {
        let vocabulary = try catalog(
            "statuses: {completed: [Fertig, expired], pending: [\"0\"]}\nquota_codes: [Kein-Guthaben]"
        ).vocabulary
        #expect(vocabulary.status("FERTIG") == .completed && vocabulary.status("expired") == .completed)
        #expect(vocabulary.status("0") == .pending && vocabulary.status("done") == .completed)
        #expect(vocabulary.isQuotaCode("kein_guthaben") && vocabulary.isQuotaCode("InsufficientQuota"))
        #expect(!vocabulary.isQuotaCode("rate_limit_exceeded") && !vocabulary.isQuotaCode(""))
    }

    @Test(arguments: [
        ("statuses: {completed: [a], failed: [A]}", "/statuses/failed/0: duplicate status A"),
        ("statuses: {complete: [a]}", "/statuses/complete: unknown key complete"),
        (
            "statuses: {completed: [Failed]}",
            "/statuses/completed/0: failed is a status itself and cannot be a synonym of completed"
        ),
        (
            "statuses: {completed: [7]}",
            "/statuses/completed/0: expected a non-empty string (put numbers in quotes)"
        ),
        ("statuses: {completed: done}", "/statuses/completed: completed must be a list"),
        ("statuses: [a]", "/statuses: expected a mapping, not an array"),
        ("quota_codes: [\"_\"]", "/quota_codes/0: expected a non-empty string (put numbers in quotes)"),
    ])
    func `an issue is reported with its location`(_ section: String, _ expected: String) throws {
        #expect(try issues(section) == [expected])
    }
}
