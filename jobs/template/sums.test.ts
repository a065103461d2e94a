import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError } from '#base/errors.ts';
import { readSums } from './sums.ts';

const sha256 = 'a'.repeat(64);
const sha512 = 'B'.repeat(128);
const where = 'https://images.example/SHA256SUMS';

for (const [kind, line, algorithm] of [
  ['with two spaces', `${sha256}  debian.qcow2`, 'sha256'],
  ['with a star for binary', `${sha256} *debian.qcow2`, 'sha256'],
  ['with a path', `${sha256}  ./debian.qcow2`, 'sha256'],
  ['as BSD prints it', `SHA256 (debian.qcow2) = ${sha256}`, 'sha256'],
  ['with SHA-512', `${sha512}  debian.qcow2`, 'sha512'],
] as const) {
  test(`finds a checksum ${kind}`, () => {
    const text = `${'c'.repeat(64)}  other.qcow2\n${line}\n`;

    const checksum = readSums(text, 'debian.qcow2', where);

    assert.deepEqual(checksum, { algorithm, hex: (algorithm === 'sha256' ? sha256 : sha512).toLowerCase() });
  });
}

test('a file that is not listed is an error of the one who lists', () => {
  const read = () => readSums(`${sha256}  debian.qcow2.old\n`, 'debian.qcow2', where);

  assert.throws(
    read,
    (error) =>
      error instanceof RemoteError &&
      error.system === 'images.example' &&
      /no checksum for debian.qcow2/.test(error.message),
  );
});
