-- The job of the seed page, as its users would send it. The key is for the runs without the gateway:
-- the gateway forwards nobody's Authorization and adds its own.
wrk.method = "POST"
wrk.path = "/v1/videos/generations"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer bench-key-that-buys-nothing"
wrk.body = '{"model":"veo-3.1-reference-to-video","prompt":"A woman walking through a garden",'
  .. '"reference_image_urls":["https://example.com/ref1.jpg"],"aspect_ratio":"16:9","duration":8,'
  .. '"resolution":"720p","generate_audio":true}'
