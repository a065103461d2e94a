-- The end, or a state that only a person can leave. ARGV: epoch, seq of the last commit, places to leave (`slot`, or '' for all), remembered for (ms, 0 for ever), patch …
if not mine(ARGV[1]) then
  return { 'fenced' }
end
-- Redis has lost what this worker wrote before, maybe the result itself: it has to look again at what is left.
if tonumber(ARGV[2]) ~= tonumber(field('seq')) then
  return { 'fenced' }
end
shut(ARGV[3])
apply(5)
if ARGV[4] ~= '0' then
  for _, key in ipairs({ run, steps, log, seen }) do
    redis.call('PEXPIRE', key, ARGV[4])
  end
end
return { 'ok', unpack(woken) }
