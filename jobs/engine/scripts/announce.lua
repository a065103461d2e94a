-- A worker is there. KEYS[1] workers. ARGV: what it can carry out (see abilities.ts), until when it counts as there (ms from now).
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number)
  return string.format('%.0f', number)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. text(now))
redis.call('ZADD', KEYS[1], text(now + ARGV[2]), ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { 'ok' }
