-- A new run, once per request key. KEYS[12] request. ARGV: id, how long the request is remembered (ms), index of the person,
-- then field, value, …  Answers the run's id and whether it was there already.
local earlier = redis.call('GET', KEYS[12])
if earlier then
  return { 'duplicate', earlier }
end
if redis.call('EXISTS', run) == 1 then
  return { 'taken' }
end
id = ARGV[1]
local sort = string.format('%015.0f', now) .. '/' .. id
redis.call('SET', KEYS[12], id, 'PX', ARGV[2])
redis.call('HSET', run, unpack(ARGV, 4))
redis.call('HSET', run, 'id', id, 'sort', sort, 'state', 'planning', 'epoch', '0', 'seq', '0', 'leaseUntil', '0')
redis.call('HSET', run, 'createdAt', text(now), 'updatedAt', text(now))
redis.call('ZADD', index, 0, 'all/' .. sort, 0, 'by/' .. ARGV[3] .. '/' .. sort, 0, 'state/planning/' .. sort)
redis.call('ZADD', open, text(now), id)
tell('submitted')
return { 'new', id }
