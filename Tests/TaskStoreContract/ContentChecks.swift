import Gateway
import VideoJobs

extension TaskStoreContract {
    static let contentChecks: [Check] = [
        Check("content is listed in the order in which it was archived, in pages") { store in
            // Admitted in one order, archived in another, two at the same time.
            try await store.completeExamples([(0, 50), (1, 20), (2, 40), (3, 20), (4, 10)])
            try await store.saveExample(
                Example.change(of: try await store.admitExample(Example.task(5)), to: .failed))
            let expected = [4, 1, 3, 2, 0].map(Example.id)
            let all = try await store.tasksWithContent(ContentQuery(.archived, limit: 10))
            try expect(all.map(\.id), is: expected, "all")
            var paged: [TaskID] = []
            while true {
                let query = ContentQuery(.archived, after: paged.last, limit: 2)
                let page = try await store.tasksWithContent(query)
                if page.isEmpty { break }
                paged += page.map(\.id)
            }
            try expect(paged, is: expected, "in pages")
            let removal = Example.change(of: all[0], to: .completed) { $0.contentRemoved = true }
            try await store.saveExample(removal)
            let first = try await store.tasksWithContent(ContentQuery(.archived, limit: 1)).map(\.id)
            try expect(first, is: [Example.id(1)], "the first after a removal")
        },
        Check("content is listed in the order in which its time ends, up to a time") { store in
            try await store.completeExamples([(0, 50), (1, nil), (2, 40), (3, 10)], keep: .seconds(100))
            let all = try await store.tasksWithContent(ContentQuery(.expiry(by: nil), limit: 10))
            try expect(all.map(\.id), is: [3, 2, 0].map(Example.id), "all that ends")
            let due = ContentQuery.Order.expiry(by: Example.start + .seconds(140))
            let found = try await store.tasksWithContent(ContentQuery(due, limit: 10)).map(\.id)
            try expect(found, is: [3, 2].map(Example.id), "due")
            let query = ContentQuery(due, after: Example.id(3), limit: 10)
            try expect(try await store.tasksWithContent(query).map(\.id), is: [Example.id(2)], "the rest")
        },
        Check("content whose removal is unnoticed is neither fetched nor announced") { store in
            try await store.completeExamples([(0, 50), (1, 20), (2, 40), (3, nil)], keep: .seconds(100))
            let order = ContentQuery.Order.unnoticedExpiry(by: nil)
            let all = try await store.tasksWithContent(ContentQuery(order, limit: 10))
            try expect(all.map(\.id), is: [1, 2, 0].map(Example.id), "all that ends")
            try await store.saveExample(
                Example.change(of: all[0], to: .completed) { $0.removalWarned = Example.start })
            try await store.saveExample(
                Example.change(of: all[1], to: .completed) { $0.fetched = Example.start })
            let rest = try await store.tasksWithContent(ContentQuery(order, limit: 10))
            try expect(rest.map(\.id), is: [Example.id(0)], "the rest")
            let due = ContentQuery.Order.unnoticedExpiry(by: Example.start + .seconds(149))
            try expect(try await store.tasksWithContent(ContentQuery(due, limit: 10)), is: [], "due")
        },
        Check("the largest result of each kind is known, also after it is removed") { store in
            for (number, bytes, model) in [(0, Int64(5), "a"), (1, 9, "a"), (2, 7, "a"), (3, 20, "b")] {
                let task = try await store.admitExample(Example.task(number, model: model))
                let change = Example.change(of: task, to: .completed) {
                    $0.results = [
                        ArchivedResult(contentType: "video/mp4", bytes: bytes, sha256: "a"),
                        ArchivedResult(contentType: "image/jpeg", bytes: 1, sha256: "b", fileIndex: 1),
                    ]
                }
                let completed = try await store.saveExample(change)
                try await store.saveExample(
                    Example.change(of: completed, to: .completed) { $0.contentRemoved = true })
            }
            let resolution = Example.task(0).resolution
            let kinds = ["a", "b"].map { ResultKind(model: $0, resolution: resolution) }
            try expect(
                try await store.largestResults(limit: 10), is: [kinds[0]: 9, kinds[1]: 20], "all kinds")
            try expect(try await store.largestResults(limit: 1), is: [kinds[1]: 20], "the largest")
        },
        Check("the bytes of all content are the sum of the results that are here") { store in
            try expect(try await store.contentBytes(), is: 0, "of an empty store")
            try await store.completeExamples([(0, 1), (1, 2), (2, 3)])
            try expect(try await store.contentBytes(), is: 3 * 1_001, "of three tasks")
            let first = try await store.tasksWithContent(ContentQuery(.archived, limit: 1))[0]
            let more = Example.change(of: first, to: .completed) {
                $0.results.append(ArchivedResult(contentType: "x", bytes: 7, sha256: "c", fileIndex: 2))
            }
            let grown = try await store.saveExample(more)
            try expect(try await store.contentBytes(), is: 3 * 1_001 + 7, "with one result more")
            try await store.saveExample(
                Example.change(of: grown, to: .completed) { $0.contentRemoved = true })
            try expect(try await store.contentBytes(), is: 2 * 1_001, "after a removal")
        },
    ]
}

extension TaskStore {
    /// Stores completed tasks with two results each, archived so many seconds after the start; `nil` for one
    /// without an end of its time.
    fileprivate func completeExamples(_ tasks: [(Int, Int?)], keep: Duration? = nil) async throws {
        for (number, seconds) in tasks {
            let task = try await admitExample(Example.task(number))
            let change = Example.change(of: task, to: .completed) {
                $0.completed = Example.start + .seconds(seconds ?? 0)
                if let seconds, let keep { $0.contentExpires = Example.start + .seconds(seconds) + keep }
                $0.results = [
                    ArchivedResult(contentType: "video/mp4", bytes: 1_000, sha256: "a"),
                    ArchivedResult(contentType: "image/jpeg", bytes: 1, sha256: "b", fileIndex: 1),
                ]
            }
            try await saveExample(change)
        }
    }
}
