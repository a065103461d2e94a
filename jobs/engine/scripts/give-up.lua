-- The run ends before it is done: it stays as it is when it made something and that shall be kept, otherwise it goes backwards. Decided in here,
-- so that "keep" is honoured up to this moment, and refused from it on. ARGV: epoch, seq, '1' when it made something, patch (without a name and a state) …
-- Answers `kept` or `undoing`, and the runs that should be looked at.
if not mine(ARGV[1]) then
  return { 'fenced' }
end
-- The answer to an earlier try of this very commit was lost. (One that was kept is not ours any more.)
if tonumber(ARGV[2]) <= tonumber(field('seq')) then
  return { 'undoing' }
end
-- Redis has lost what this worker wrote before: it has to look again at what is left.
if tonumber(ARGV[2]) ~= tonumber(field('seq')) + 1 then
  return { 'fenced' }
end
redis.call('HSET', run, 'seq', ARGV[2])
local state = 'undoing'
if ARGV[3] == '1' and field('onFailure') == 'keep' then
  state = 'kept'
  shut('')
end
apply(4)
move(state)
tell(state)
return { state, unpack(woken) }
