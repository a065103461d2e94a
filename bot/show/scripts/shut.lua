-- The platform said that it is too much. KEYS: bucket. ARGV: for how many ms nothing may be sent.
local time = redis.call('TIME')
local until_ms = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
redis.call('HSET', KEYS[1], 'closedUntil', string.format('%.0f', until_ms))
redis.call('PEXPIRE', KEYS[1], 3600000 + ARGV[1])
return 1
