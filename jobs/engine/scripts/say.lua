-- Lines for the run's log. ARGV: epoch, then kind, step, text, …
if not mine(ARGV[1]) then
  return { 'fenced' }
end
for i = 2, #ARGV, 3 do
  say(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return { 'ok' }
