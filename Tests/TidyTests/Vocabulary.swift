/// Names and phrases that are not used, because the field has a plainer word.
enum Vocabulary {
    /// Identifiers that were renamed; the value is the name to use.
    static let bannedIdentifiers: [String: String] = [
        "takeUp": "resume", "takeUpAgain": "requeue", "takeUpDoubtful": "reconcileUnconfirmedWrite",
        "pump": "dispatchReady", "believed": "rejectingDuplicateProviderID", "courses": "pollProgress",
        "PollCourse": "PollProgress", "SaveDoubts": "UnconfirmedWrites", "Doubt": "UnconfirmedWrite",
        "findDoubtful": "confirm", "owed": "pendingWork", "WorkAgenda": "DelayQueue", "inHand": "inProgress",
        "putDown": "complete", "Alarm": "ReschedulableTimer or WakeupEvent", "answerNow": "respond",
        "receiveAnswer": "receive(response:)", "DeskCall": "SettlementAction", "desk": "settlement",
        "LateHandler": "StartupHandler", "StandingQuestion": "a remembered decision",
        "TLSGreeting": "TLSHandshakeConnection", "shakeHands": "continueHandshake",
        "sayEnd": "sendCloseNotify", "SpareConnections": "IdleEviction", "SpareRank": "EvictionPriority",
        "Loss": "EvictionCost", "giveWay": "evict", "yieldersMax": "evictionAttemptsMax",
        "Admission": "ConnectionLimiter or NewTask", "turnAway": "rejectOverLimit",
        "asksForTLS": "rejectPlaintext", "goOn": "sendContinue or resume", "Wish": "FlowControl",
        "expel": "resetStalled", "HTTP1ResponseHead": "ResponseHead", "HTTP1Limits": "MessageLimits",
        "HTTP1Violation": "MessageError", "ListeningPlace": "ListenEndpoint", "ContentPlace": "ArtifactID",
        "ArchivePlaces": "ArchiveLayout", "Place": "the thing that it locates", "CurlPlace": "LazyMulti",
        "ScriptPlace": "JSONCursor", "StoreFaults": "SQLiteErrorMapper",
        "ArchiveFaults": "ArchiveErrorMapper",
        "SubmissionObstacle": "BlockReason", "GatewayObstacle": "ReadinessIssue", "trouble": "failure",
        "KnownParameters": "QueryReader", "SubmissionTerms": "SubmissionOptions", "Errand": "ExternalWork",
        "Nap": "SleepContinuation", "WatchNumber": "RegistrationID", "TimerNumber": "TimerID",
        "evenAt": "replenishedAt", "Face": "CertificateContext", "DownloadFlow": "DownloadBuffer",
        "DownloadGauge": "Watermarks", "Trickle": "ThrottledBody", "lookThrough": "checkIntegrity",
        "foundWhole": "markIntact", "moveOn": "failOver", "takeUpRescue": "adoptRescueCopy",
        "placeRescue": "installRescueCopy", "lateUntil": "graceDeadline", "watchLate": "pollDuringGrace",
        "latePatience": "gracePeriod", "archivePatience": "archiveTimeout", "ours": "taskID",
        "theirs": "providerTaskID", "Ordeal": "KillLoop", "Premises": "GatewayInstallation",
        "House": "EndToEndFixture", "ProviderHouse": "SimulatorProcess", "Peace": "Quiescence",
        "Weather": "FaultInjector", "Incarnation": "GatewayProcess", "ToldLedger": "ClientLedger",
        "TestGround": "TestSupport", "RealPrograms": "ProcessTestSupport", "APIWorld": "APIHarness",
        "GatewayWorld": "GatewayHarness", "dice": "random", "told": "reported", "tell": "report",
        "tells": "reports", "heard": "received", "mend": "repair", "RefusedKind": "RejectionPattern",
        "RefusedTask": "TaskBackoff", "QueueStanding": "QueueStatus", "WaitingLine": "QueuedTaskList",
        "isJudging": "hasRejectionPatterns", "trickle": "throttle", "answer": "response or reply",
    ]

    /// Phrases that are not used in comments, string literals, test names, scripts and pages. `…` matches
    /// up to four words.
    static let bannedPhrases = [
        // Relative clauses as subject or object.
        "whoever", "whomever", "that which", "of which nobody", "what becomes of", "comes of it",
        // Metaphors for technical acts.
        "stands in", "stand in", "stood in", "take up", "takes up", "taken up", "took up", "mend", "mends",
        "mended", "put down", "puts down", "let in", "lets in", "turn away", "turns away", "turned away",
        "give way", "gives way", "make room", "makes room",
        // Programs do not talk.
        "tells", "is told", "are told", "was told", "were told", "told apart", "tell … apart",
        "telling … apart", "hears", "heard of", "says so",
        // Things that have a name.
        "strangers", "of ours", "of theirs", "the desk", "of a house",
    ]
}
