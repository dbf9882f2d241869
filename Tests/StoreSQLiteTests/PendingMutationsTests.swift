import Testing

@testable import StoreSQLite

@Suite struct PendingMutationsTests {
    private static func mutation(_ bytes: Int = 1) -> PendingMutation {
        PendingMutation(apply: { _ in {} }, fail: { _ in }, bytes: bytes)
    }

    @Test func `the first of a line calls the writer, the others join`() {
        var line = PendingMutations()
        #expect(line.add(Self.mutation()) == .first)
        #expect(line.add(Self.mutation()) == .joined)
        #expect(line.nextBatch().count == 2)
        // The writer is still at work.
        #expect(line.add(Self.mutation()) == .joined)
        #expect(line.nextBatch().count == 1)
        #expect(line.nextBatch().isEmpty)
        #expect(line.add(Self.mutation()) == .first)
    }

    @Test func `a line is bounded in number and in bytes, and takes more once some have gone`() {
        var line = PendingMutations(limits: .init(waitingMax: 3, waitingBytesMax: 100))
        #expect(line.add(Self.mutation(60)) == .first)
        #expect(line.add(Self.mutation(41)) == .full)
        #expect(line.add(Self.mutation(40)) == .joined)
        #expect(line.add(Self.mutation(0)) == .joined)
        #expect(line.add(Self.mutation(0)) == .full)
        #expect(line.nextBatch().count == 3)
        #expect(line.add(Self.mutation(100)) == .joined)
    }

    @Test func `a batch is bounded too, and never empty for one large member`() {
        var line = PendingMutations(limits: .init(batchMax: 2, batchBytesMax: 10))
        for bytes in [50, 4, 6, 1, 1, 1] { _ = line.add(Self.mutation(bytes)) }
        let batches = (0..<5).map { _ in line.nextBatch().map(\.bytes) }
        #expect(batches == [[50], [4, 6], [1, 1], [1], []])
    }

    @Test func `a closed line takes nothing but gives what it has`() {
        var line = PendingMutations()
        _ = line.add(Self.mutation())
        line.close()
        #expect(line.add(Self.mutation()) == .closed)
        #expect(line.nextBatch().count == 1)
    }
}
