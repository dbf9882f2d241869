import JSONText
import Testing
import YAMLText

@testable import VideoJobs

/// The provider's words: what is built in, what a catalog adds, and what is wrong with one.
@Suite struct ProviderVocabularyTests {
    private func catalog(_ section: String) throws -> ModelCatalog {
        let text = section + "\nmodels: [{id: m, mode: x, parameters: [{p: {type: string}}]}]\n"
        return try ModelCatalog(decoding: try YAMLDocument(parsing: Array(text.utf8)).value)
    }

    private func faults(_ section: String) throws -> [String] {
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
        ("completed", ProviderReport.Status.completed), ("COMPLETED", .completed), (" Succeeded ", .completed),
        ("in progress", .processing), ("IN-PROGRESS", .processing), ("inProgress", .processing),
        ("Queued", .pending), ("CANCELED", .cancelled), ("cancelled", .cancelled), ("Error", .failed),
        ("STATUS_FAILURE", .failed), ("TASK_STATE_RUNNING", .processing),
    ])
    func `a word means the same in every spelling`(_ text: String, _ word: ProviderReport.Status) {
        #expect(ProviderVocabulary.standard.status(text) == word)
    }

    @Test(arguments: [
        ("Cancelled_By_User", ProviderReport.Status.cancelled), ("CancelledByUser", .cancelled),
        ("failed: no frames", .failed), ("TIMED_OUT_IN_QUEUE_2", nil), ("timed-out after 60 s", .failed),
        ("rejected-by-moderation", .failed), ("failed_will_retry", nil), ("cancel_requested", nil),
        ("error recovery", nil), ("failsafe", nil), ("completed_with_errors", nil),
    ])
    func `a text that begins with a word for a bad end is one`(_ text: String, _ word: ProviderReport.Status?) {
        #expect(ProviderVocabulary.standard.status(text) == word)
    }

    @Test(arguments: ["", " ", "dreaming", "status", "task", "completedish", "0"])
    func `what is not listed means nothing`(_ text: String) {
        #expect(ProviderVocabulary.standard.status(text) == nil)
    }

    @Test func `the shipped catalog lists what is built in`() throws {
        #expect(ShippedCatalog.catalog.vocabulary == .standard)
        #expect(try catalog("").vocabulary == .standard)
    }

    @Test func `a catalog adds message and moves them`() throws {
        let vocabulary = try catalog(
            "statuses: {completed: [Fertig, expired], pending: [\"0\"]}\nquota_codes: [Kein-Guthaben]"
        ).vocabulary
        #expect(vocabulary.status("FERTIG") == .completed && vocabulary.status("expired") == .completed)
        #expect(vocabulary.status("0") == .pending && vocabulary.status("done") == .completed)
        #expect(vocabulary.isQuotaCode("kein_guthaben") && vocabulary.isQuotaCode("InsufficientQuota"))
        #expect(!vocabulary.isQuotaCode("rate_limit_exceeded") && !vocabulary.isQuotaCode(""))
    }

    @Test(arguments: [
        ("statuses: {completed: [a], failed: [A]}", "/statuses/failed/0: A stands here for the second time"),
        ("statuses: {complete: [a]}", "/statuses/complete: unknown key complete"),
        (
            "statuses: {completed: [Failed]}",
            "/statuses/completed/0: failed is a word of its own and cannot mean completed"
        ),
        ("statuses: {completed: [7]}", "/statuses/completed/0: a word is expected here (numbers in quotes)"),
        ("statuses: {completed: done}", "/statuses/completed: completed must be a list"),
        ("statuses: [a]", "/statuses: a mapping is expected here, not an array"),
        ("quota_codes: [\"_\"]", "/quota_codes/0: a word is expected here (numbers in quotes)"),
    ])
    func `what is wrong is named with its place`(_ section: String, _ expected: String) throws {
        #expect(try faults(section) == [expected])
    }
}
