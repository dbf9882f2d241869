import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Tasks with more than one result, and with results that cannot be fetched.
@Suite struct SeveralResultsTests {
    private let harness = makeHarness()
    private let video = "https://r/v.mp4", cover = "https://r/cover.jpg", second = "https://r/2.mp4"

    private func completed(with links: [String]) throws -> TaskID {
        let id = try harness.admit().record.id
        harness.provider.report(.report(ProviderReport(.completed, links: links)))
        harness.pass(.seconds(60))
        return id
    }

    @Test func `a picture that comes with a video is kept, after the video`() throws {
        let id = try completed(with: [cover, video])
        let results = try harness.record(id).results
        #expect(results.map(\.contentType) == ["video/mp4", "image/jpeg"])
        #expect(results.map(\.fileIndex) == [1, 0])
        #expect(try harness.record(id).hasWorkLeft == false)
        let responses = [0, 1].map { index in
            harness.run { try await $0.content(of: id.text, index: index) }.result
        }
        for response in responses {
            guard case .success(.found(_, let result, _)) = response else {
                Issue.record("\(String(describing: response))")
                continue
            }
            #expect(results.contains(result))
        }
    }

    @Test func `a result that does not come holds the others back for a short time only`() throws {
        harness.archive.refuse(second, with: .transfer(message: "503"))
        let id = try completed(with: [video, second])
        let record = try harness.record(id)
        #expect(record.state == .completed)
        #expect(record.results.map(\.fileIndex) == [0])
        #expect(record.hasWorkLeft)
        #expect(harness.log.lines.contains { $0.contains("complete but for a result") })

        // It is still tried for, also after a restart, and joins at the end of the list.
        harness.restart()
        harness.pass(.seconds(3600))
        harness.archive.refuse(second, with: nil)
        harness.pass(.seconds(600))
        #expect(try harness.record(id).results.map(\.fileIndex) == [0, 1])
        #expect(try harness.record(id).hasWorkLeft == false)
        #expect(harness.archive.links.count { $0 == video } == 1)
    }

    @Test func `a result that never comes is given up on in the end, and the rest stays`() throws {
        harness.archive.refuse(second, with: .notVideo(message: "a page"))
        let id = try completed(with: [second, video])
        harness.pass(.seconds(49 * 3600))
        let record = try harness.record(id)
        #expect(record.state == .completed)
        #expect(record.results.map(\.fileIndex) == [1])
        #expect(record.links.isEmpty && !record.hasWorkLeft)
        #expect(harness.log.lines.contains { $0.contains("given up on") })
    }

    @Test func `a picture alone is not what was paid for`() throws {
        harness.archive.refuse(video, with: .transfer(message: "503"))
        let id = try completed(with: [cover, video])
        harness.pass(.seconds(3600))
        #expect(try harness.state(id) == .archiving)
        harness.pass(.seconds(49 * 3600))
        #expect(try harness.record(id).failure?.code == "result_lost")
        #expect(harness.log.lines.contains { $0.contains("result_lost") })
    }

    @Test func `a link that cannot be fetched is result_lost after a few polls, and the log says why`() throws
    {
        let id = try harness.admit().record.id
        var report = ProviderReport(.completed)
        report.unusableLink = "the result link is neither http nor https but data:"
        for _ in 0..<6 { harness.provider.report(.report(report)) }
        harness.pass(.seconds(120))
        let failure = try #require(harness.record(id).failure)
        #expect(failure.code == "result_lost")
        #expect(failure.message.contains("but data:"))
        #expect(harness.log.lines.contains { $0.contains("cannot be fetched") })
        // It is still asked about: a usable link may come.
        harness.provider.report(.report(ProviderReport(.completed, links: [video])))
        harness.pass(.seconds(3600))
        #expect(try harness.state(id) == .completed)
    }
}
