-- One token from each bucket, or from none. KEYS: buckets. ARGV for each: per minute, burst, how many must stay for urgent ones.
-- Answers 0, or how many ms to wait.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, have = 0, {}
for i, key in ipairs(KEYS) do
  local rate, burst, keep = ARGV[i * 3 - 2] / 60000, tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  local known = redis.call('HMGET', key, 'tokens', 'at', 'closedUntil')
  local tokens = math.min(burst, (tonumber(known[1]) or burst) + (now - (tonumber(known[2]) or now)) * rate)
  have[i] = tokens
  if tokens < 1 + keep then
    wait = math.max(wait, math.ceil((1 + keep - tokens) / rate))
  end
  wait = math.max(wait, (tonumber(known[3]) or 0) - now)
end
if wait > 0 then
  return wait
end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'tokens', tostring(have[i] - 1), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', key, 3600000)
end
return 0
