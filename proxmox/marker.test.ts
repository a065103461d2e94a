import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isMadeBy, nameInMarker, readMarker, readOwnership, writeMarker } from './marker.ts';

const marker = { run: 'r1', owner: 'ana', vmid: 500, template: 'debian-12' };
const ours = { description: writeMarker('made for ana', marker) };

describe('the marker in a description', () => {
  test('it stands behind the text for people, as a comment', () => {
    assert.equal(
      writeMarker('k8s-dev, made for ana', { run: 'r1', owner: 'ana', vmid: 500 }),
      'k8s-dev, made for ana\n\n<!-- botswain {"run":"r1","owner":"ana","vmid":500} -->',
    );
  });

  test('what is written is read again, whatever the owner and the text are', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (about, run, owner) => {
        assert.deepEqual(readMarker(writeMarker(about, { run, owner, vmid: 500 })), { run, owner, vmid: 500 });
      }),
    );
  });

  test('letters that separate lines are read again too', () => {
    assert.equal(
      readMarker(writeMarker('', { run: 'r1', owner: 'a\u2028b\u2029c', vmid: 500 }))?.owner,
      'a\u2028b\u2029c',
    );
  });

  test('nothing in a value can end the comment early or start a tag', () => {
    const written = writeMarker('', { run: '--> <b>', owner: '-->', vmid: 500 });

    assert.doesNotMatch(written.replace(/^<!--|-->$/g, '').replace(/^\s*<!--/, ''), /[<>]|--/);
  });

  for (const description of ['', 'by hand', '<!-- botswain {"run": -->', '<!-- botswain {"owner":"x"} -->']) {
    test(`there is none in "${description}"`, () => {
      assert.equal(readMarker(description), undefined);
    });
  }

  test('it may stand amid what people wrote, and the last one counts', () => {
    const older = writeMarker('', { run: 'r0', owner: 'ben', vmid: 400 });

    assert.deepEqual(readMarker(`${older}\n${ours.description}\n\nkeep until May`), marker);
  });
});

describe('a marker and the VM that carries it', () => {
  const range = { from: 500, to: 599 };
  const named = { name: 'k8s-dev', description: writeMarker('', { ...marker, uuid: 'u-1' }), smbiosUuid: 'u-1' };
  const config = { ...named, digest: 'x', cores: 1, sockets: 1, memoryMiB: 512, nets: [], disks: [], cdroms: [] };
  const whole = {
    ...config,
    bootOrder: [],
    ipconfig: {},
    template: false,
    protected: false,
    agent: true,
    tags: [],
    raw: {},
  };

  test('the VM that its marker names is ours', () => {
    assert.equal(readOwnership(500, named, range).state, 'ours');
    assert.equal(readOwnership(500, { ...named, smbiosUuid: 'U-1' }, range).state, 'ours');
  });

  test('a clone, which has another number and UUID, is not', () => {
    assert.equal(readOwnership(501, { ...named, smbiosUuid: 'u-2' }, range).state, 'copied');
  });

  test('a backup restored under another number keeps the UUID, and is not ours', () => {
    assert.equal(readOwnership(501, named, range).state, 'copied');
  });

  test('another VM that was given the number, or lost its UUID, is not ours', () => {
    assert.equal(readOwnership(500, { ...named, smbiosUuid: 'u-2' }, range).state, 'copied');
    assert.equal(readOwnership(500, { description: named.description }, range).state, 'copied');
  });

  test('the run that made it is told from others, and from a copy', () => {
    assert.equal(isMadeBy('r1', 500, whole), true);
    assert.equal(isMadeBy('r2', 500, whole), false);
    assert.equal(isMadeBy('r1', 501, whole), false);
  });

  test('naming the VM leaves what people wrote around the marker', () => {
    const description = `before\n${ours.description}\n\nkeep until May`;

    const named = nameInMarker(500, { description, smbiosUuid: 'u-1' });

    assert.deepEqual(readMarker(named), { ...marker, uuid: 'u-1' });
    assert.equal(named.replace(/<!--.*-->/, ''), description.replace(/<!--.*-->/, ''));
  });

  test('notes without a marker are left as they are', () => {
    assert.equal(nameInMarker(500, { description: 'by hand', smbiosUuid: 'u-1' }), 'by hand');
  });
});
