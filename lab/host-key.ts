import ssh2 from 'ssh2';

const { utils } = ssh2;

/** A new SSH host key, OpenSSH format. Now and then ssh2 writes one that it can't read itself; such a one is made again. */
export function makeHostKey(): string {
  for (;;) {
    const { private: key } = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(key) instanceof Error)) return key;
  }
}
