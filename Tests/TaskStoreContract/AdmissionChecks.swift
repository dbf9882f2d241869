import Gateway
import VideoJobs

extension TaskStoreContract {
    static let admissionChecks: [Check] = [
        Check("an admitted task is read back with its payload and first event") { store in
            let record = try await store.admitExample(Example.task(1))
            try expect(try await store.task(record.id), is: record, "the record")
            try expect(try await store.payload(of: record.id), is: Example.payload, "the payload")
            let first = TaskEventRecord(number: 1, at: record.created, name: "admitted")
            try expect(try await store.events(of: record.id), is: [first], "the history")
        },
        Check("a task is admitted in the state that its events led to") { store in
            let change = Example.change(of: Example.task(1), to: .sending) { $0.attempts = 1 }
            let events = [TaskEventRecord.admitted(Example.task(1)), change.event]
            let claim = Example.claim("k")
            let admission = NewTask(
                record: change.record, payload: Example.payload, claim: claim, events: events)
            try expect(try await store.admit(admission).isAdmitted, is: true, "admission")
            try expect(try await store.task(Example.id(1)), is: change.record, "the record")
            try expect(try await store.events(of: Example.id(1)), is: events, "the history")
            let work = try await store.claimedTasks(limit: 10)
            try expect(work, is: [change.record], "for recovery")
            try expect(try await store.admit(admission), is: .replayed(change.record), "the same again")
            try expect(try await store.events(of: Example.id(1)), is: events, "the history after that")
            try await store.saveExample(Example.change(of: change.record, to: .running))
        },
        Check("a payload comes back byte for byte") { store in
            let payloads: [[UInt8]] = [
                [], [0], Array(0...255), [0xFF, 0xFE, 0x00, 0xC3, 0x28],
                Array(repeating: 0xA5, count: 65_536),
            ]
            for (number, payload) in payloads.enumerated() {
                let admission = NewTask(record: Example.task(number), payload: payload)
                try expect(try await store.admit(admission).isAdmitted, is: true, "admission")
                try expect(try await store.payload(of: Example.id(number)), is: payload, "the payload")
            }
        },
        Check("the same key with the same job joins its task as it is now") { store in
            let claim = Example.claim("k")
            let first = try await store.admit(Example.admission(1, claim: claim))
            try expect(first.isAdmitted, is: true, "the first")
            let now = try await store.saveExample(Example.change(of: Example.task(1), to: .sending))
            let second = try await store.admit(Example.admission(2, claim: claim))
            try expect(second, is: .replayed(now), "the second")
            try expect(try await store.task(Example.id(2)), is: nil, "the second's task")
        },
        Check("the same key with another job is refused and stores nothing") { store in
            _ = try await store.admit(Example.admission(1, claim: Example.claim("k")))
            let other = Example.claim("k", fingerprint: "bb")
            try expect(
                try await store.admit(Example.admission(2, claim: other)), is: .keyReused, "the second")
            try expect(try await store.task(Example.id(2)), is: nil, "its task")
            try expect(try await store.payload(of: Example.id(2)), is: nil, "its payload")
            try expect(try await store.events(of: Example.id(2)), is: [], "its history")
        },
        Check("a job that may only join is joined by its key, and otherwise stores nothing") { store in
            var late = Example.admission(1, claim: Example.claim("k"))
            late.onlyJoins = true
            try expect(try await store.admit(late), is: .nothingJoined, "nothing to join")
            try expect(try await store.task(Example.id(1)), is: nil, "its task")
            let first = Example.admission(2, claim: Example.claim("k"))
            try expect(try await store.admit(first).isAdmitted, is: true, "the key is free")
            try expect(try await store.admit(late), is: .replayed(first.record), "the earlier task")
        },
        Check("a key with a fingerprint of the body matches every spelling of its job") { store in
            let old = String(repeating: "0f", count: 32)
            let first = Example.admission(1, claim: Example.claim("k", fingerprint: old))
            _ = try await store.admit(first)
            var again = Example.admission(2, claim: Example.claim("k", fingerprint: "v2:1"))
            again.payload = Array("{ \"prompt\" : \"\\u0061 woman walking\" }".utf8)
            try expect(try await store.admit(again), is: .replayed(first.record), "another spelling")
            again.payload = Array(#"{"prompt":"a woman running"}"#.utf8)
            try expect(try await store.admit(again), is: .keyReused, "another job")
            again = NewTask(
                record: Example.task(3, model: "other"), payload: Example.payload, claim: again.claim)
            try expect(try await store.admit(again), is: .keyReused, "another model")
        },
        Check("the same key of another client, or in other letters, is another key") { store in
            let claims = [
                Example.claim("k"), Example.claim("k", client: "ann"), Example.claim("K"),
                Example.claim("k "),
            ]
            for (number, claim) in claims.enumerated() {
                let outcome = try await store.admit(Example.admission(number, claim: claim))
                try expect(outcome.isAdmitted, is: true, "\(claim)")
            }
        },
        Check("a task id that exists fails the admission whole, with its claim") { store in
            let first = try await store.admitExample(Example.task(1))
            let twin = NewTask(record: Example.task(1), payload: [1, 2, 3], claim: Example.claim("k"))
            try await expectFailure("the second") { () throws(StoreError) in _ = try await store.admit(twin)
            }
            try expect(try await store.task(first.id), is: first, "the first record")
            try expect(try await store.payload(of: first.id), is: Example.payload, "the first payload")
            try expect(try await store.events(of: first.id).count, is: 1, "the first history's length")
            let free = try await store.admit(Example.admission(2, claim: Example.claim("k")))
            try expect(free.isAdmitted, is: true, "the key, which must still be free")
        },
    ]
}
