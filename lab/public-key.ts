/** Whether each line is a public key as `ssh-keygen -l` takes it; empty lines are passed over. */
export function arePublicKeys(text: string): boolean {
  return text.split('\n').every((line) => line.trim() === '' || isPublicKey(line));
}

/** Options may stand before the key and a comment after it; what matters is that the key's own first word is its kind. */
function isPublicKey(line: string): boolean {
  if (line.trim().startsWith('#')) return false;
  const found = /(?:^|\s)((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+([A-Za-z0-9+/]+=*)(?=\s|$)/.exec(line);
  if (!found) return false;
  const blob = Buffer.from(found[2] ?? '', 'base64');
  if (blob.length < 4) return false;
  const end = 4 + blob.readUInt32BE(0);
  return blob.subarray(4, end).toString('latin1') === found[1] && blob.length >= end + 32;
}
