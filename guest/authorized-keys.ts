import ssh2 from 'ssh2';

const { utils } = ssh2;

/** What a text for `authorized_keys` holds. */
export interface AuthorizedKeys {
  /** One key a line, as Proxmox and cloud-init take it. */
  readonly lines: readonly string[];
  /** What is wrong, each with its line where there are several. Never shows what may be a secret. */
  readonly complaints: readonly string[];
}

/**
 * Reads public keys, one a line, as in an `authorized_keys` file; empty lines and `# comments` are left out. Proxmox refuses
 * lines that `ssh-keygen -l` does not know, and writes the others unquoted into YAML: so comments lose what YAML would read.
 */
export function readAuthorizedKeys(text: string): AuthorizedKeys {
  const whole = notPublic(text);
  if (whole) return { lines: [], complaints: [whole] };
  const lines: string[] = [];
  const complaints: string[] = [];
  const rows = text.split(/\r\n|\r|\n/).map((row) => row.trim());
  for (const [index, row] of rows.entries()) {
    if (row === '' || row.startsWith('#')) continue;
    const read = readLine(row);
    if ('line' in read) lines.push(read.line);
    else complaints.push(rows.length > 1 ? `line ${index + 1} ${read.is}` : read.is);
  }
  if (lines.length + complaints.length === 0) complaints.push('holds no key');
  return { lines, complaints };
}

/** The same key with a comment that neither a shell nor YAML reads as anything else. */
export function keyLine(type: string, blob: string, comment: string, options = ''): string {
  const label = comment
    .replaceAll(/[^A-Za-z0-9@._+=/-]+/g, ' ')
    .trim()
    .slice(0, 100);
  return [options, type, blob, label].filter((part) => part !== '').join(' ');
}

function notPublic(text: string): string | undefined {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(text)) {
    return 'is a private key, which must stay with its owner; the public one is in the file beside it that ends in .pub';
  }
  if (/---- BEGIN SSH2 PUBLIC KEY/.test(text)) {
    return 'is in the format of RFC 4716; write it as OpenSSH does: ssh-keygen -i -f FILE';
  }
  const plain = text.trim();
  if (!/\s/.test(plain) && /^[~./]|^[A-Za-z]:\\/.test(plain)) {
    return `is a path; put file: before it, as in file:${plain.startsWith('/') ? plain : '/home/ana/.ssh/id_ed25519.pub'}`;
  }
  return undefined;
}

function readLine(row: string): { line: string } | { is: string } {
  const match =
    /^(?:(?<options>(?:[^\s"]|"(?:[^"\\]|\\.)*")+)\s+)??(?<type>[a-z][\w@.-]+)\s+(?<blob>AAAA\S*)(?:\s+(?<comment>.*))?$/.exec(
      row,
    );
  const { options = '', type = '', blob = '', comment = '' } = match?.groups ?? {};
  if (!match) return { is: `(${shortened(row)}) is no public key; one looks like ssh-ed25519 AAAA… ana@laptop` };
  if (/…|\.\.\./.test(blob)) return { is: `(${shortened(row)}) is an example, and no key` };
  if (type.includes('-cert-')) return { is: `(${type}) is a certificate; give the public key itself` };
  if (type === 'ssh-dss') return { is: '(ssh-dss) is a DSA key, which today’s servers refuse' };
  if (!isWhole(type, blob)) return { is: `(${shortened(row)}) is damaged: part of the key is missing or changed` };
  if (options !== '' && !optionList.test(options)) {
    return { is: `(${shortened(row)}) has something before the key (${shortened(options)}) that is no option of sshd` };
  }
  if (/:\s| #|[^\x20-\x7e]/.test(options)) {
    return { is: `(${shortened(row)}) has options that Proxmox can't pass on: none may hold ": " or " #"` };
  }
  return { line: keyLine(type, blob, comment, options) };
}

/** `no-pty,from="10.0.0.0/8"`. Anything else before a key may be YAML: `- `, or `ana: `, which would leave the VM without any key. */
const optionList = /^[a-z][a-z0-9-]*(="(?:[^"\\]|\\.)*")?(,[a-z][a-z0-9-]*(="(?:[^"\\]|\\.)*")?)*$/i;

/** Which parts each type's blob has after its name, in RFC 4253's strings. ssh2 does not know those of security keys (`sk-`). */
const parts: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};

function isWhole(type: string, blob: string): boolean {
  const bytes = Buffer.from(blob, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(blob) || bytes.toString('base64').replace(/=+$/, '') !== blob.replace(/=+$/, ''))
    return false;
  const strings: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return false;
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  if (at !== bytes.length || strings[0]?.toString() !== type) return false;
  if (strings.length !== 1 + (Object.hasOwn(parts, type) ? (parts[type] ?? 0) : -1)) return false;
  if (type.endsWith('ed25519') && strings[1]?.length !== 32) return false;
  return type.startsWith('sk-') || !(utils.parseKey(`${type} ${blob}`) instanceof Error);
}

const shortened = (row: string) => (row.length > 40 ? `${row.slice(0, 40)}…` : row);
