import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord } from './shell-word.ts';

test('a shell reads back what was written, whatever is in it', () => {
  for (const word of ['bot@pve', 'bot@pve!ci', "it's", 'a b', '$HOME', '', '"', '`id`', '*', '-n']) {
    const read = execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });

    assert.equal(read, word);
  }
  assert.equal(shellWord('/storage/local-lvm'), '/storage/local-lvm');
});
