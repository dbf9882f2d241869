import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct MarkWriterTests {
    private let mark = MemoryMark()

    @Test func `a mark is never ahead of the store, and a second behind it at most`() throws {
        let world = makeWorld(marks: [mark])
        for _ in 0..<40 {
            _ = try world.admit()
            let committed = world.store.sequence
            world.pass(.seconds(1))
            let written = try #require(mark.sequence)
            #expect(written >= committed)
            #expect(written <= world.store.sequence)
        }
    }

    @Test func `many commits share a write, and an idle store causes none`() throws {
        let world = makeWorld(marks: [mark]) { $0.maxInFlight = 500 }
        world.pass(.seconds(2))
        let before = mark.writes
        for _ in 0..<200 {
            _ = try world.admit()
            world.pass(.milliseconds(10))
        }
        #expect(mark.writes - before <= 3)
    }

    @Test func `what cannot be written is told once, tried again, and holds nothing up`() throws {
        let world = makeWorld(marks: [mark])
        mark.setAway(true)
        let id = try world.admit().record.id
        #expect(try world.state(id) == .running)
        world.pass(.seconds(35))
        let told = world.log.lines.filter { $0.contains("cannot be written") }
        #expect(told.count == 1, "\(told)")
        #expect(world.gateway.obstacles().isEmpty)
        mark.setAway(false)
        world.pass(.seconds(11))
        #expect(mark.sequence == world.store.sequence)
    }

    @Test func `an orderly end writes the last sequence`() throws {
        let world = makeWorld(marks: [mark])
        _ = try world.admit()
        let stop = world.run { await $0.stop(within: .seconds(30)) }
        world.pass(.seconds(31))
        #expect(stop.result != nil)
        #expect(mark.sequence == world.store.sequence)
    }
}
