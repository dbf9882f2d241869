internal import CCurl
internal import Transport

/// All transfers of one fetcher on libcurl's multi-socket interface. Belongs to one event loop.
///
/// libcurl reports which sockets it waits for and when it wants to be called. Its callbacks update the
/// reactor and this object's records, but never call libcurl.
@safe  // The multi handle is created and freed here; every easy handle is removed before either is freed.
final class CurlMulti {
    /// The most transfers that run or wait for a connection.
    static let transfersMax = 1024
    /// Enough for the benchmark's concurrency: creating a handle is more expensive than using one.
    private static let spareHandlesMax = 256

    private let multi: UnsafeMutableRawPointer
    private let reactor: Reactor
    private let settings: CurlSettings

    private struct Entry {
        let transfer: Transfer
        let easy: CurlEasy
        let deadline: TimerID
        /// The next check whether the transfer has stalled.
        var stallCheck: TimerID?
    }

    private var transfers: [UInt64: Entry] = [:]
    private var spareHandles: [CurlEasy] = []
    private var watches: [CInt: RegistrationID] = [:]
    private var timer: TimerID?
    /// Incremented each time libcurl sets its timer, so that outdated timer events are ignored.
    private var timerRound = 0
    /// Transfers whose socket could not be registered, with the reason.
    private var failedRegistrations: [(number: UInt64, message: String)] = []

    /// Once per process. libcurl's own initialisation is thread-safe only since 7.84.
    private static let isStarted: Bool = reel_global_start() == CURLE_OK

    init(reactor: Reactor, _ settings: CurlSettings) {
        guard Self.isStarted, let multi = unsafe curl_multi_init() else {
            preconditionFailure("libcurl is out of memory")
        }
        unsafe self.multi = multi
        self.reactor = reactor
        self.settings = settings
        set(CURLMOPT_MAXCONNECTS, settings.connectionsMax)
        set(CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.connectionsMax)
        set(CURLMOPT_MAX_HOST_CONNECTIONS, settings.connectionsMax)
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        check(unsafe reel_multi_on_socket(multi, multiWatches, owner))
        check(unsafe reel_multi_on_timer(multi, multiSetsTimer, owner))
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    /// Starts a transfer, which receives its own outcome.
    func start(_ transfer: Transfer) {
        if let violation = RequestRules.violation(in: transfer.request) {
            return transfer.end(nil, code: nil, stop: .cannotRun("the request is malformed: \(violation)"))
        }
        if let refusal = transfer.request.refusalOfHost {
            return transfer.end(nil, code: nil, stop: .cannotRun(refusal))
        }
        guard transfers.count < Self.transfersMax else {
            return transfer.end(nil, code: nil, stop: .cannotRun("too many requests are under way"))
        }
        let easy = spareHandles.popLast() ?? CurlEasy()
        easy.prepare(transfer, settings)
        if let code = easy.refusedOption {
            transfer.end(
                nil, code: nil, stop: .cannotRun("libcurl lacks an option: \(easy.message(for: code))"))
            return recycle(easy)
        }
        transfers[transfer.number] = Entry(
            transfer: transfer, easy: easy, deadline: setDeadline(for: transfer))
        check(unsafe curl_multi_add_handle(multi, easy.handle))
        if let stall = transfer.request.stallTimeout {
            scheduleStallCheck(of: transfer, after: stall / 2, seen: transfer.activity, isSecond: false)
        }
        endFinishedTransfers()
    }

    /// Checks after an interval whether anything was received; ends the transfer the second time that nothing
    /// was. libcurl counts in whole seconds only.
    private func scheduleStallCheck(
        of transfer: Transfer, after interval: Duration, seen activity: UInt64, isSecond: Bool
    ) {
        let timer = reactor.schedule(after: interval) { [weak self, weak transfer] in
            guard let self, let transfer, transfers[transfer.number] != nil else { return }
            let isQuiet = transfer.activity == activity && !transfer.isPaused
            if isQuiet, isSecond {
                return stop(transfer.number, because: .cannotRun("nothing was received for too long"))
            }
            scheduleStallCheck(of: transfer, after: interval, seen: transfer.activity, isSecond: isQuiet)
        }
        transfers[transfer.number]?.stallCheck = timer
    }

    /// Stops a transfer that is still running.
    func stop(_ number: UInt64, because reason: TransferEvidence.Stop) {
        end(number, code: nil, stop: reason)
        endFinishedTransfers()
    }

    /// Resumes a paused download.
    func resume(_ number: UInt64) {
        guard let easy = transfers[number]?.easy else { return }
        // An error is reported again as the transfer's result.
        _ = unsafe curl_easy_pause(easy.handle, CURLPAUSE_CONT)
        endFinishedTransfers()
    }

    /// Stops all transfers and removes all registrations.
    func close() {
        for number in transfers.keys.sorted() { end(number, code: nil, stop: .cancelled) }
        spareHandles = []
        // The multi handle's cleanup must not call an object that is being destroyed.
        check(unsafe reel_multi_on_socket(multi, nil, nil))
        check(unsafe reel_multi_on_timer(multi, nil, nil))
        for watch in watches.values { reactor.unwatch(watch) }
        watches = [:]
        setTimer(-1)
    }

    /// libcurl 7.88 applies no timeout to a transfer that waits for a free connection.
    private func setDeadline(for transfer: Transfer) -> TimerID {
        let wait = transfer.request.timeout ?? transfer.request.connectTimeout
        return reactor.schedule(after: wait) { [weak self, number = transfer.number] in
            guard let self, let transfer = transfers[number]?.transfer, transfer.isWaiting else { return }
            stop(number, because: .cannotRun("no connection was free or up in time"))
        }
    }

    private func handleEvents(on socket: CInt, _ readiness: Readiness) {
        var events: CInt = 0
        if readiness.contains(.read) { events |= CURL_CSELECT_IN }
        if readiness.contains(.write) { events |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: .broken) { events |= CURL_CSELECT_ERR }
        var running: CInt = 0
        check(unsafe curl_multi_socket_action(multi, socket, events, &running))
        endFinishedTransfers()
    }

    private func timeIsUp(round: Int) {
        guard round == timerRound else { return }
        timer = nil
        handleEvents(on: CURL_SOCKET_TIMEOUT, [])
    }

    /// Ends the transfers that libcurl has finished, and those whose sockets could not be registered.
    private func endFinishedTransfers() {
        var code = CURLE_OK
        while let owner = unsafe reel_multi_next_done(multi, &code) {
            end(unsafe Transfer.owner(of: owner).number, code: code)
        }
        while let failed = failedRegistrations.popLast() {
            end(failed.number, code: nil, stop: .cannotRun(failed.message))
        }
    }

    private func end(_ number: UInt64, code: CURLcode?, stop: TransferEvidence.Stop? = nil) {
        guard let entry = transfers.removeValue(forKey: number) else { return }
        let (transfer, easy) = (entry.transfer, entry.easy)
        reactor.cancel(entry.deadline)
        if let check = entry.stallCheck { reactor.cancel(check) }
        withExtendedLifetime(transfer) {
            transfer.end(easy, code: code, stop: stop)
            check(unsafe curl_multi_remove_handle(multi, easy.handle))
            // libcurl may still want to rewind the body of a failed transfer, and a reset does not clear
            // that: the next request with this handle would fail before it is sent.
            if code == CURLE_OK { recycle(easy) }
        }
    }

    private func recycle(_ easy: CurlEasy) {
        easy.reset()
        if spareHandles.count < Self.spareHandlesMax { spareHandles.append(easy) }
    }

    private func set(_ option: CURLMoption, _ value: Int) {
        check(unsafe reel_multi_set_long(multi, option, value))
    }

    /// Traps on errors of the multi interface, which occur only on misuse or without memory.
    private func check(_ code: CURLMcode) {
        precondition(code == CURLM_OK, "libcurl's multi interface: \(code.rawValue)")
    }
}

// Requests from libcurl's callbacks.
extension CurlMulti {
    fileprivate func watch(_ socket: CInt, _ what: CInt, for number: UInt64?) {
        if what == CURL_POLL_REMOVE {
            if let watch = watches.removeValue(forKey: socket) { reactor.unwatch(watch) }
            return
        }
        var interest: Interest = []
        if what & CURL_POLL_IN != 0 { interest.insert(.read) }
        if what & CURL_POLL_OUT != 0 { interest.insert(.write) }
        if let watch = watches[socket] { return reactor.change(watch, to: interest) }
        do throws(SystemError) {
            watches[socket] = try reactor.watch(socket, for: interest) { [weak self] in
                self?.handleEvents(on: socket, $0)
            }
        } catch {
            if let number {
                failedRegistrations.append((number, "cannot watch a socket: \(error.call) failed"))
            }
        }
    }

    fileprivate func setTimer(_ milliseconds: Int) {
        timerRound += 1
        if let timer { reactor.cancel(timer) }
        timer = nil
        guard milliseconds >= 0 else { return }
        let round = timerRound
        if milliseconds == 0 {
            // libcurl must not be called from its callback.
            return reactor.enqueue { [weak self] in self?.timeIsUp(round: round) }
        }
        timer = reactor.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            self?.timeIsUp(round: round)
        }
    }

    fileprivate static func owner(of pointer: UnsafeMutableRawPointer?) -> CurlMulti {
        guard let pointer = unsafe pointer else {
            preconditionFailure("libcurl lost the owner of its sockets")
        }
        return unsafe Unmanaged<CurlMulti>.fromOpaque(pointer).takeUnretainedValue()
    }
}

@available(*, unavailable)
extension CurlMulti: Sendable {}  // Belongs to one event loop.

private let multiWatches: curl_socket_callback = { easy, socket, what, owner, _ in
    let transfer = unsafe reel_easy_private(easy)
    let number = unsafe transfer.map { unsafe Transfer.owner(of: $0).number }
    unsafe CurlMulti.owner(of: owner).watch(socket, what, for: number)
    return 0
}

private let multiSetsTimer: curl_multi_timer_callback = { _, milliseconds, owner in
    unsafe CurlMulti.owner(of: owner).setTimer(milliseconds)
    return 0
}
