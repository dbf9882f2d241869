import Gateway
import VideoJobs

/// Claims to unfinished tasks: owner, lease and term.
extension TaskStoreContract {
    static let claimChecks = [
        Check("a term is greater than every earlier one, of any owner") { store in
            var terms: [Int64] = []
            let sequence = store.sequence
            for owner in ["a", "b", "a", "a", "c", "b"] {
                let claim = try await store.beginClaim(owner: owner, at: Example.start, lease: .seconds(30))
                try expect(claim.owner, is: owner, "the owner")
                try expect(claim.leaseEnd, is: Example.start + .seconds(30), "the end of the lease")
                terms.append(claim.term)
            }
            try expect(terms, is: Array(Set(terms)).sorted(), "terms")
            try expect(store.sequence, is: sequence, "the sequence, which detects a restored store")
        },
        Check("a claim is granted unfinished tasks in order of admission, in pages") { store in
            for number in 0..<5 { try await store.admitExample(Example.task(number)) }
            try await store.saveExample(Example.change(of: Example.task(2), to: .failed))
            let claim = try await store.beginClaim(owner: "a", at: Example.start, lease: .seconds(30))
            let first = try await store.claimTasksWithWork(claim, after: nil, limit: 3)?.map(\.id)
            try expect(first, is: [0, 1, 3].map(Example.id), "the first page")
            let second = try await store.claimTasksWithWork(claim, after: first?.last, limit: 3)?.map(\.id)
            try expect(second, is: [Example.id(4)], "the second page")
        },
        Check("a new claim of the same owner gets its tasks again, and makes the old one void") { store in
            try await store.admitExample(Example.task(1))
            let old = try await store.beginClaim(owner: "a", at: Example.start, lease: .seconds(30))
            _ = try await store.claimTasksWithWork(old, after: nil, limit: 9)
            let new = try await store.beginClaim(owner: "a", at: Example.start, lease: .seconds(30))
            let granted = try await store.claimTasksWithWork(new, after: nil, limit: 9)?.map(\.id)
            try expect(granted, is: [Example.id(1)], "the new claim")
            let late = try await store.claimTasksWithWork(old, after: nil, limit: 9)
            try expect(late, is: nil, "the old claim, which must not look like the last page")
        },
    ]

    /// For a store that several gateways share.
    package static let sharedStoreChecks = [
        Check("another gateway's tasks are not granted before its lease has ended") { store in
            let sending = try await store.saveExample(
                Example.change(of: store.admitExample(Example.task(1)), to: .sending))
            let first = try await store.beginClaim(owner: "a", at: Example.start, lease: .seconds(30))
            _ = try await store.claimTasksWithWork(first, after: nil, limit: 9)
            for (seconds, expected) in [(29, []), (30, [sending])] {
                let now = Example.start + .seconds(seconds)
                let other = try await store.beginClaim(owner: "b", at: now, lease: .seconds(30))
                let granted = try await store.claimTasksWithWork(other, after: nil, limit: 9)
                try expect(granted, is: expected, "after \(seconds) s")
            }
        }
    ]

    /// For a store that one gateway uses exclusively: an earlier gateway has ended, even if its lease has
    /// not.
    package static let exclusiveStoreChecks = [
        Check("a claim is granted all tasks at once") { store in
            let task = try await store.admitExample(Example.task(1))
            for owner in ["a", "b"] {
                let claim = try await store.beginClaim(owner: owner, at: Example.start, lease: .seconds(30))
                let granted = try await store.claimTasksWithWork(claim, after: nil, limit: 9)
                try expect(granted, is: [task], "granted to \(owner)")
            }
        }
    ]
}
