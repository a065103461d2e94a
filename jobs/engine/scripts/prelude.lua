-- Stands before every script that changes one run. KEYS, in this order (see keys.ts):
local run, steps, log, seen = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local open, bells, index, audit, outbox, places = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local workers = KEYS[11]

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- Runs that should be looked at after this script; the caller rings for them.
local woken = {}

local function text(number)
  return string.format('%.0f', number)
end

local function field(name)
  return redis.call('HGET', run, name) or ''
end

local id = field('id')

-- One entry for the audit and one for those who follow, in the same breath as the change they tell of.
local function tell(what, ...)
  local common = { 'run', id, 'epoch', field('epoch'), 'state', field('state'), 'what', what, ... }
  redis.call('XADD', audit, 'MAXLEN', '~', '500000', '*', unpack(common))
  redis.call('XADD', outbox, 'MAXLEN', '~', '100000', '*', unpack(common))
end

-- A line for the run's log, and for those who follow.
local function say(kind, step, line)
  redis.call('XADD', log, 'MAXLEN', '~', '2000', '*', 'kind', kind, 'step', step, 'text', line)
  redis.call('XADD', outbox, 'MAXLEN', '~', '100000', '*', 'run', id, 'epoch', field('epoch'), 'state', field('state'),
    'what', kind, 'step', step, 'text', line)
end

local function move(state)
  local was = field('state')
  redis.call('HSET', run, 'state', state, 'updatedAt', text(now))
  if was == state then
    return
  end
  redis.call('ZREM', index, 'state/' .. was .. '/' .. field('sort'))
  redis.call('ZADD', index, 0, 'state/' .. state .. '/' .. field('sort'))
end

-- Whoever parks this run in the same moment notices that its count of bells is not the one it saw.
local function ring(which)
  redis.call('HINCRBY', bells, which, 1)
  redis.call('ZADD', open, 'XX', 'LT', text(now), which)
  woken[#woken + 1] = which
end

-- Only the holder of the lease speaks for the run; a lease that was let go (0) or taken over (epoch) is not ours.
local function mine(epoch)
  return field('epoch') == epoch and field('leaseUntil') ~= '0'
end

-- Every member of an index or of the places below one path.
local function below(set, path)
  return redis.call('ZRANGEBYLEX', set, '[' .. path .. '/', '(' .. path .. '0')
end

local function wakeFirst(name)
  local first = redis.call('ZRANGEBYLEX', places, '[wait/' .. name .. '/', '(wait/' .. name .. '0', 'LIMIT', 0, 1)[1]
  if first then
    ring(string.match(first, '[^/]+$'))
  end
end

local function leaveQueue(name)
  for _, member in ipairs(below(places, 'wait/' .. name)) do
    if string.match(member, '[^/]+$') == id then
      redis.call('ZREM', places, member)
    end
  end
end

-- Gives up this run's place, and its turn in the queue; `only` is a kind of place (`slot`) or '' for all.
local function leave(only)
  local kept = {}
  for name in string.gmatch(field('places'), '%S+') do
    if string.sub(name, 1, #only) == only then
      redis.call('ZREM', places, 'held/' .. name .. '/' .. id)
      leaveQueue(name)
      wakeFirst(name)
    else
      kept[#kept + 1] = name
    end
  end
  redis.call('HSET', run, 'places', table.concat(kept, ' '))
end

-- Counts a commit. `next`: it is to be made; `again`: it was made, and the answer to that try was lost; `fenced`: somebody else speaks for the run, or Redis has
-- lost what this worker wrote before, so that it has to look again at what is left.
local function advance(epoch, seq)
  local before = tonumber(field('seq'))
  if not mine(epoch) or tonumber(seq) > before + 1 then
    return 'fenced'
  end
  if tonumber(seq) <= before then
    return 'again'
  end
  redis.call('HSET', run, 'seq', seq)
  return 'next'
end

-- The run is no worker's any more, until a person goes on with it; `only` as for `leave`.
local function shut(only)
  leave(only)
  redis.call('HSET', run, 'owner', '', 'leaseUntil', '0', 'endedAt', text(now))
  redis.call('ZREM', open, id)
  redis.call('HDEL', bells, id)
end

-- Reads a list that is preceded by its length from ARGV; answers it and where the next one begins.
local function list(from)
  local length = tonumber(ARGV[from])
  return { unpack(ARGV, from + 1, from + length) }, from + length + 1
end

-- Applies a patch (see patch.ts) that stands in ARGV from `from` on.
local function apply(from)
  local what, state, progress, step = ARGV[from], ARGV[from + 1], ARGV[from + 2], ARGV[from + 3]
  local set, stamp, drop, stepSet, stepStamp, detail
  set, from = list(from + 4)
  stamp, from = list(from)
  drop, from = list(from)
  stepSet, from = list(from)
  stepStamp, from = list(from)
  detail, from = list(from)
  if #set > 0 then
    redis.call('HSET', run, unpack(set))
  end
  for _, name in ipairs(stamp) do
    redis.call('HSET', run, name, text(now))
  end
  if #drop > 0 then
    redis.call('HDEL', run, unpack(drop))
  end
  if step ~= '' then
    if #stepSet > 0 then
      redis.call('HSET', steps, unpack(stepSet))
    end
    for _, name in ipairs(stepStamp) do
      redis.call('HSET', steps, name, text(now))
    end
    if (redis.call('HGET', steps, 'n:' .. step) or '0') == '0' then
      redis.call('HSET', steps, 'n:' .. step, text(redis.call('HINCRBY', steps, 'count', 1)))
    end
    detail[#detail + 1] = 'step'
    detail[#detail + 1] = step
  end
  if progress == '1' then
    redis.call('HSET', run, 'takeovers', '0')
  end
  move(state ~= '' and state or field('state'))
  if what ~= '' then
    tell(what, unpack(detail))
  end
end
