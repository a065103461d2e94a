-- There is something new to show. KEYS: due, slot. ARGV: slot's name, '1' when it is urgent.
-- A slot that is being shown is looked at again when that is over; otherwise it is due now, or when its pause ends.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HINCRBY', KEYS[2], 'rev', 1)
if ARGV[2] == '1' then
  redis.call('HSET', KEYS[2], 'urgent', '1')
end
if tonumber(redis.call('HGET', KEYS[2], 'leaseUntil') or '0') > now then
  return 0
end
local at = now
if ARGV[2] == '1' then
  -- Urgent ones stand before all others.
  at = now - 10000000
else
  at = math.max(now, tonumber(redis.call('HGET', KEYS[2], 'next') or '0'))
end
redis.call('ZADD', KEYS[1], 'LT', at, ARGV[1])
redis.call('EXPIRE', KEYS[2], 2592000)
return 1
