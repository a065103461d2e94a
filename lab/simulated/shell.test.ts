import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLine } from './commands.ts';
import { newSystem } from './image.ts';
import type { Inside } from './program.ts';

function guest(): Inside {
  return {
    system: newSystem('debian', true),
    user: 'ana',
    variables: {},
    ...{ cores: 1, memory: 1024 ** 3, diskSize: 1024 ** 3, address: undefined, bootedAt: 0 },
    cloudInitStatus: () => 'done',
    settled: Promise.resolve(),
    powerOff: () => undefined,
    reboot: () => undefined,
  };
}

test('an uploaded script runs its lines once it may, and is gone after rm', async () => {
  const inside = guest();
  const path = '/tmp/script_1234.sh';
  inside.system.files[path] = '#!/bin/sh -e\n# set up\necho "by $NAME" > /etc/made\nfalse\necho never >> /etc/made\n';

  const early = await runLine(`NAME=packer ${path}`, inside);
  const run = await runLine(`chmod 0755 ${path}; NAME='packer' ${path}`, inside);
  const removed = await runLine(`rm -f ${path} && rm ${path}`, inside);

  assert.deepEqual([early.code, early.stderr], [126, `bash: line 1: ${path}: Permission denied\n`]);
  assert.equal(run.code, 1);
  assert.equal(inside.system.files['/etc/made'], 'by packer\n');
  assert.deepEqual(removed, {
    stdout: '',
    stderr: `rm: cannot remove '${path}': No such file or directory\n`,
    code: 1,
  });
});

test('quotes, pipes, variables and sudo are those of a shell', async () => {
  const inside = guest();
  const out = async (line: string) => (await runLine(line, inside)).stdout;

  assert.equal(await out(`echo 'a; b && c' "d | e"`), 'a; b && c d | e\n');
  assert.equal(await out(`A=1; export B=2; echo $A\${B}$C x`), '12 x\n');
  assert.equal(await out('false && echo no; true || echo no; false || echo yes'), 'yes\n');
  assert.equal(await out("echo secret | sudo -S env WHO=me sh -c 'whoami; echo $WHO'"), 'root\nme\n');
  assert.equal(
    await out('echo one | sudo tee /etc/list >/dev/null; echo two >> /etc/list; cat /etc/list'),
    'one\ntwo\n',
  );
  assert.equal((await runLine('for x in 1 2', inside)).code, 127);
});

test('sed changes a file in place or prints it', async () => {
  const inside = guest();
  inside.system.files['/etc/x'] = 'Port 22\n#Root yes\nlast/end\n';

  await runLine(`sudo sed -i 's/^#\\(Root\\) yes/\\1 no/; s|last/|first/|; /^Port/d' /etc/x`, inside);
  const printed = await runLine(`sed -E 's/(no)+$/[&]/' /etc/x`, inside);
  const wrong = await runLine('sed y /etc/x', inside);

  assert.equal(inside.system.files['/etc/x'], 'Root no\nfirst/end\n');
  assert.equal(printed.stdout, 'Root [no]\nfirst/end\n');
  assert.equal(wrong.code, 1);
});
