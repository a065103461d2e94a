-- The end, or a state that only a person can leave. ARGV: epoch, places to leave (`slot`, or '' for all), remembered for (ms, 0 for ever), patch …
if not mine(ARGV[1]) then
  return { 'fenced' }
end
leave(ARGV[2])
redis.call('HSET', run, 'owner', '', 'leaseUntil', '0', 'endedAt', text(now))
redis.call('ZREM', open, id)
redis.call('HDEL', bells, id)
apply(4)
if ARGV[3] ~= '0' then
  for _, key in ipairs({ run, steps, log, seen }) do
    redis.call('PEXPIRE', key, ARGV[3])
  end
end
return { 'ok', unpack(woken) }
