-- Lets go of the run until a time, or a bell. ARGV: epoch, bells seen ('' when it does not matter), wait (ms), field that gets the time, patch …
-- Answers `again` and the count of bells when somebody rang since: then nothing is changed.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
local rung = redis.call('HGET', bells, id) or '0'
if ARGV[2] ~= '' and rung ~= ARGV[2] then
  return { 'again', rung }
end
if ARGV[4] ~= '' then
  redis.call('HSET', run, ARGV[4], text(now + ARGV[3]))
end
redis.call('HSET', run, 'owner', '', 'leaseUntil', '0')
redis.call('ZADD', open, text(now + ARGV[3]), id)
apply(5)
return { 'ok' }
