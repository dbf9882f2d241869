-- Asks for the paths that a file lists, one after the other, over all connections.
local requests = {}
local place = 0

init = function()
    for path in io.lines(assert(os.getenv("BENCH_PATHS"))) do
        requests[#requests + 1] = wrk.format("GET", path)
    end
end

request = function()
    place = place % #requests + 1
    return requests[place]
end
