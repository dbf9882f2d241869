extension TaskReport {
    /// Prints details on a terminal, a JSON line otherwise.
    func printDetails() {
        let lines = StandardStream.output.isTerminal ? TaskTable.details(self) : [line]
        for line in lines { StandardStream.output.line(line) }
    }
}
