-- A person goes on with a run that ended badly. ARGV: `retry` or `roll back`, who, name, and for a run that starts anew whom it asks first: a rule
-- as JSON, `none`, or empty for those that it asked before. Answers `ok`, `nothing to …`, `open` or `unknown`.
if id == '' then
  return { 'unknown' }
end
if redis.call('ZSCORE', open, id) then
  return { 'open' }
end
local state, to = field('state'), ''
if ARGV[1] == 'roll back' then
  to = (state == 'kept' or state == 'stuck') and 'undoing' or ''
elseif state == 'failed' or state == 'cancelled' or state == 'expired' then
  to = 'planning'
elseif state == 'kept' then
  to = 'queued'
elseif state == 'stuck' then
  to = field('resume')
end
if to == '' then
  return { 'nothing to ' .. ARGV[1] }
end

redis.call('HDEL', run, 'cancelAsked', 'cancelName', 'endedAt', 'result', 'waitingFor')
redis.call('HSET', run, 'takeovers', '0')
if to ~= 'undoing' then
  redis.call('HDEL', run, 'failure', 'ending')
elseif field('ending') == '' then
  redis.call('HSET', run, 'ending', 'failed')
end
if ARGV[1] == 'retry' then
  redis.call('HSET', run, 'retriedBy', ARGV[2])
end
if to == 'planning' then
  if ARGV[4] == 'none' then
    redis.call('HDEL', run, 'approval')
  elseif ARGV[4] ~= '' then
    redis.call('HSET', run, 'approval', ARGV[4])
  end
  -- Everything was taken back: from the start, with new questions to people.
  redis.call('HDEL', run, 'plan', 'planHash', 'view', 'startedAt', 'replan', 'locks')
  for _, name in ipairs(redis.call('HKEYS', steps)) do
    if string.sub(name, 1, 4) == 'ask:' then
      redis.call('HDEL', steps, name)
    end
  end
end
for _, name in ipairs(redis.call('HKEYS', steps)) do
  if string.sub(name, 1, 6) == 'tries:' then
    redis.call('HDEL', steps, name)
  elseif string.sub(name, 1, 12) == 'countedFrom:' then
    redis.call('HSET', steps, name, text(now))
  end
end
for _, key in ipairs({ run, steps, log, seen }) do
  redis.call('PERSIST', key)
end
move(to)
redis.call('ZADD', open, text(now), id)
tell(ARGV[1], 'by', ARGV[2], 'name', ARGV[3])
ring(id)
return { 'ok', unpack(woken) }
