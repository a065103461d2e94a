-- Lines for the run's log. ARGV: epoch, then kind, step, text, …
if not mine(ARGV[1]) then
  return { 'fenced' }
end
for i = 2, #ARGV, 3 do
  local kind, step, line = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  redis.call('XADD', log, 'MAXLEN', '~', '2000', '*', 'kind', kind, 'step', step, 'text', line)
  redis.call('XADD', outbox, 'MAXLEN', '~', '100000', '*', 'run', id, 'epoch', field('epoch'), 'state', field('state'),
    'what', kind, 'step', step, 'text', line)
end
return { 'ok' }
