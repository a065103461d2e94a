-- Makes the caller the one who speaks for the run. ARGV: owner, lease (ms), id, what the caller can carry out (see
-- abilities.ts), how soon others look again at what it can't (ms), and after how long without any live worker that can it
-- takes the run all the same, to ask a person (ms).
-- Answers `closed` (nothing to do), `busy`, `early` (parked, and nobody rang), `left` (it can't: nothing was changed but
-- when it is looked at next), job, version, cluster, how many live workers can; or `claimed`, epoch, seq, bells, now,
-- takeovers, and '1' when the worker before died or lost touch.
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
-- What was left by a worker that can't carry it out only rests for that one's sake.
if tonumber(due) > now and tonumber(due) ~= tonumber(field('leftUntil')) then
  return { 'early' }
end

local function can(abilities, what)
  return string.find(abilities, '\n' .. what .. '\n', 1, true) ~= nil
end
local needs = 'job ' .. field('job') .. '@' .. field('version')
if not redis.call('HGET', steps, 'count') and (field('state') == 'undoing' or field('cancelAsked') ~= '') then
  -- Nothing was begun, and nothing will be: whoever knows the cluster can end it.
  needs = 'cluster ' .. field('cluster')
end
local function able(abilities)
  return can(abilities, needs) and can(abilities, 'cluster ' .. field('cluster'))
end
local stranded = tonumber(field('strandedSince'))
if not able(ARGV[4]) then
  local live = 0
  for _, abilities in ipairs(redis.call('ZRANGEBYSCORE', workers, text(now), '+inf')) do
    live = live + (able(abilities) and 1 or 0)
  end
  if live > 0 and stranded then
    redis.call('HDEL', run, 'waitingFor', 'strandedSince')
  elseif live == 0 and not stranded then
    stranded = now
    local wanted = 'a worker that knows "' .. field('job') .. '", version ' .. field('version') .. ', and the cluster "' .. field('cluster') .. '"'
    redis.call('HSET', run, 'strandedSince', text(now), 'waitingFor', wanted)
    say('note', '', 'Waiting for ' .. wanted .. ': none runs now.')
  end
  if live > 0 or now - stranded < tonumber(ARGV[6]) then
    redis.call('HSET', run, 'leftUntil', text(now + ARGV[5]))
    redis.call('ZADD', open, text(now + ARGV[5]), id)
    return { 'left', field('job'), field('version'), field('cluster'), text(live) }
  end
end
if stranded then
  redis.call('HDEL', run, 'waitingFor', 'strandedSince')
end
redis.call('HDEL', run, 'leftUntil')

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
