-- One chat request, the same for every contestant.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
for name, value in string.gmatch(os.getenv("BENCH_HEADERS") or "", "([^=;]+)=([^;]+)") do
  wrk.headers[name] = value
end
wrk.body = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say something about benchmarks, please."}],"max_tokens":100'
  .. (os.getenv("BENCH_STREAM") and ',"stream":true' or '') .. '}'
