-- Lines for the run's log. ARGV: epoch, the lines' number, then kind, step, text, … Lines whose number was the last to be written were
-- written before, and the answer to that was lost.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
local number = ARGV[1] .. '/' .. ARGV[2]
if field('said') == number then
  return { 'ok' }
end
redis.call('HSET', run, 'said', number)
for i = 3, #ARGV, 3 do
  say(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return { 'ok' }
