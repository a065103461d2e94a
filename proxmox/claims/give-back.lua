-- Gives a token back, unless it expired and is somebody else's now. KEYS: token. ARGV: the value it was taken with. Answers `ok`.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return { 'ok' }
