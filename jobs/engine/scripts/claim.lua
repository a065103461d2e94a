-- Makes the caller the one who speaks for the run. ARGV: owner, lease (ms), id.
-- Answers `closed` (nothing to do), `busy`, `early` (parked, and nobody rang) or `claimed`, epoch, seq, bells, now, takeovers,
-- and '1' when the worker before died or lost touch.
local due = redis.call('ZSCORE', open, ARGV[3])
if not due then
  return { 'closed' }
end
if id == '' then
  redis.call('ZREM', open, ARGV[3])
  return { 'closed' }
end
local leaseUntil = tonumber(field('leaseUntil'))
if leaseUntil > now then
  return { 'busy' }
end
if tonumber(due) > now then
  return { 'early' }
end
local before = field('owner')
local epoch = redis.call('HINCRBY', run, 'epoch', 1)
redis.call('HSET', run, 'owner', ARGV[1], 'leaseUntil', text(now + ARGV[2]))
redis.call('ZADD', open, text(now + ARGV[2]), id)
if leaseUntil ~= 0 then
  redis.call('HINCRBY', run, 'takeovers', 1)
  tell('taken over', 'from', before, 'owner', ARGV[1], 'afterMs', text(now - leaseUntil))
else
  redis.call('XADD', audit, '*', 'run', id, 'epoch', text(epoch), 'state', field('state'), 'what', 'claimed', 'owner', ARGV[1])
end
local rung = redis.call('HGET', bells, id) or '0'
return { 'claimed', text(epoch), field('seq'), rung, text(now), field('takeovers'), leaseUntil ~= 0 and '1' or '' }
