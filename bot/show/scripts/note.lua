-- What stands there now, from the gateway that has the slot. KEYS: due, slot. ARGV: name, token, what is shown. Answers 0 when it has the slot no more.
if redis.call('HGET', KEYS[2], 'lease') == ARGV[2] then
  redis.call('HSET', KEYS[2], 'shown', ARGV[3])
  return 1
end
-- What it sent may have come after what is newer: it has to be shown once more, whatever was noted.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HINCRBY', KEYS[2], 'rev', 1)
redis.call('HSET', KEYS[2], 'doubt', '1')
redis.call('ZADD', KEYS[1], 'LT', math.max(now, tonumber(redis.call('HGET', KEYS[2], 'leaseUntil') or '0')), ARGV[1])
return 0
