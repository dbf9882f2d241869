import Testing

@Suite struct SimulationTests {
    @Test(arguments: 0..<4)
    func `no job is lost or bought twice, whatever fails`(_ share: Int) {
        for seed in Seeds.share(share, of: 4) {
            do { try Simulation(seed: seed).run() } catch { Issue.record("\(error)") }
        }
    }

    @Test func `the same seed twice is the same run`() throws {
        for seed in 7...UInt64(12) {
            let runs = [Simulation(seed: seed), Simulation(seed: seed)]
            for run in runs { try? run.run() }
            #expect(runs[0].steps == runs[1].steps)
            #expect(runs[0].trace.fingerprint == runs[1].trace.fingerprint)
        }
    }
}
