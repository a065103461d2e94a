import ssh2 from 'ssh2';

const { utils } = ssh2;

/** A new ed25519 key pair, OpenSSH format. Now and then ssh2 writes one that it can't read itself; such a one is made again. */
export function makeKeyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** A new SSH host key. */
export const makeHostKey = (): string => makeKeyPair().private;
