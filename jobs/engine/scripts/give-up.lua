-- The run ends before it is done: it stays as it is when it made something and that shall be kept, otherwise it goes backwards. Decided in here,
-- so that "keep" is honoured up to this moment, and refused from it on. ARGV: epoch, seq, '1' when it made something, patch (without a name and a state) …
-- Answers `kept` or `undoing`, and the runs that should be looked at.
local step = advance(ARGV[1], ARGV[2])
if step ~= 'next' then
  -- One that was kept is not ours any more.
  return { step == 'again' and 'undoing' or 'fenced' }
end
local state = 'undoing'
if ARGV[3] == '1' and field('onFailure') == 'keep' then
  state = 'kept'
  shut('')
end
apply(4)
move(state)
tell(state)
return { state, unpack(woken) }
