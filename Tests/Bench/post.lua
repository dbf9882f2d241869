-- Sends job.json, the job of the seed page, as its users would. The key is for the runs without the
-- gateway: the gateway forwards nobody's Authorization and adds its own.
local file = assert(io.open(assert(os.getenv("BENCH_JOB"))))
wrk.body = file:read("*a")
file:close()
wrk.method = "POST"
wrk.path = "/v1/videos/generations"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer bench-key-that-buys-nothing"
