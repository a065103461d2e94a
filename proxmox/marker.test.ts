import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readMarker, requireOurs, whoseVm, writeMarker } from './marker.ts';
import { failing, type Heard, no, type Reply, startSetting } from './server-for-tests.ts';

const marker = { run: 'r1', owner: 'ana', template: 'debian-12' };
const ours = { name: 'k8s-dev', description: writeMarker('made for ana', marker), smbios1: 'uuid=u-1', digest: 'x' };
const missing = no(500, "Configuration file 'nodes/pve1/qemu-server/500.conf' does not exist");
const data = (value: unknown): Reply => ({ body: { data: value } });

/** A cluster where VM 500 has these configurations by node, and these tasks run. */
function startCluster(configs: Readonly<Record<string, unknown>>, tasks: readonly object[] = []) {
  return startSetting(({ path }: Heard) => {
    const [, , node = ''] = path.split('/');
    if (path === '/cluster/resources') {
      return data(Object.keys(configs).map((one) => ({ type: 'qemu', node: one, vmid: 500, status: 'unknown' })));
    }
    if (path.endsWith('/tasks')) return data(tasks);
    return configs[node] ? data(configs[node]) : missing;
  });
}

describe('the marker in a description', () => {
  test('it stands behind the text for people, as a comment', () => {
    assert.equal(
      writeMarker('k8s-dev, made for ana', { run: 'r1', owner: 'ana' }),
      'k8s-dev, made for ana\n\n<!-- botswain {"run":"r1","owner":"ana"} -->',
    );
  });

  test('what is written is read again, whatever the owner and the text are', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (about, run, owner) => {
        assert.deepEqual(readMarker(writeMarker(about, { run, owner })), { run, owner });
      }),
    );
  });

  test('letters that separate lines are read again too', () => {
    assert.equal(readMarker(writeMarker('', { run: 'r1', owner: 'a\u2028b\u2029c' }))?.owner, 'a\u2028b\u2029c');
  });

  test('nothing in a value can end the comment early or start a tag', () => {
    const written = writeMarker('', { run: '--> <b>', owner: '-->' });

    assert.doesNotMatch(written.replace(/^<!--|-->$/g, '').replace(/^\s*<!--/, ''), /[<>]|--/);
  });

  for (const description of ['', 'by hand', '<!-- botswain {"run": -->', '<!-- botswain {"owner":"x"} -->']) {
    test(`there is none in "${description}"`, () => {
      assert.equal(readMarker(description), undefined);
    });
  }

  test('it may stand amid what people wrote, and the last one counts', () => {
    const older = writeMarker('', { run: 'r0', owner: 'ben' });

    assert.deepEqual(readMarker(`${older}\n${ours.description}\n\nkeep until May`), marker);
  });
});

describe('whose a VM is', () => {
  const copying = { lock: 'clone', digest: 'x' };
  const clone = {
    upid: 'UPID:pve1:1:2:3:qmclone:9000:bot@pve!test:',
    type: 'qmclone',
    status: 'RUNNING',
    starttime: 1,
  };

  test('ours when its marker names the run, foreign with any other or none', async () => {
    await using setting = await startCluster({ pve1: ours });
    await using bare = await startCluster({ pve1: { name: 'x' } });

    assert.equal(await whoseVm(setting.api, 'pve1', 500, 'r1'), 'ours');
    assert.equal(await whoseVm(setting.api, 'pve1', 500, 'r2'), 'foreign');
    assert.equal(await whoseVm(bare.api, 'pve1', 500, 'r1'), 'foreign');
  });

  test('missing when no node has it', async () => {
    await using setting = await startCluster({});

    assert.equal(await whoseVm(setting.api, 'pve1', 500, 'r1'), 'missing');
  });

  test('copying while a clone works on it, even on the source’s node', async () => {
    await using setting = await startCluster({ pve2: copying }, [clone]);

    assert.equal(await whoseVm(setting.api, 'pve1', 500, 'r1'), 'copying');
  });

  test('copying while it may be a copy that the token can’t see before it has joined its pool', async () => {
    const answers = (tasks: unknown) => (call: Heard) => {
      if (call.path === '/cluster/resources') return data([]);
      return call.path === '/cluster/tasks' ? data(tasks) : no(403, 'Permission check failed (/vms/500, VM.Audit)');
    };
    await using busy = await startSetting(answers([{ type: 'qmclone', starttime: 1 }]));
    await using idle = await startSetting(answers([{ type: 'qmclone', starttime: 1, endtime: 2, status: 'OK' }]));

    assert.equal(await whoseVm(busy.api, 'pve1', 500, 'r1'), 'copying');
    assert.equal(await whoseVm(idle.api, 'pve1', 500, 'r1'), 'missing');
  });

  test('a copy that nobody works on any more is for root to clean up', async () => {
    await using setting = await startCluster({ pve1: copying });

    const error = await failing(whoseVm(setting.api, 'pve1', 500, 'r1'));

    assert.deepEqual([error.kind, error.outcome], ['locked', 'permanent']);
    assert.match(error.hint ?? '', /on pve1: qm unlock 500 && qm destroy 500/);
  });
});

describe('before something that can’t be taken back', () => {
  test('our own VM passes', async () => {
    await using setting = await startCluster({ pve1: ours });

    const config = await requireOurs(setting.api, 'pve1', 500, { run: 'r1', uuid: 'u-1' });

    assert.equal(config.name, 'k8s-dev');
  });

  const cases = [
    [{ name: 'pet' }, {}, 'it carries no marker of Botswain'],
    [ours, { run: 'r2' }, 'it was made by run r1, not by r2'],
    [ours, { uuid: 'u-2' }, 'its SMBIOS UUID is another one'],
    [ours, { uuid: '' }, 'its SMBIOS UUID is another one'],
  ] as const;
  for (const [config, expected, why] of cases) {
    test(`a VM is left alone when ${why} (${JSON.stringify(expected)})`, async () => {
      await using setting = await startCluster({ pve1: config });

      const error = await failing(requireOurs(setting.api, 'pve1', 500, expected));

      assert.deepEqual([error.kind, error.outcome], ['protected', 'permanent']);
      assert.equal(error.message, `VM 500 on pve1 (${config.name}) is left alone: ${why}`);
    });
  }

  test('one that is gone is said so', async () => {
    await using setting = await startCluster({});

    assert.equal((await failing(requireOurs(setting.api, 'pve1', 500, { run: 'r1' }))).kind, 'missing');
  });
});
