import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badParameters, failing, inTurn, no, type Reply, startSetting } from './server-for-tests.ts';
import { runningTasks, stopTask, type Upid, waitTask } from './tasks.ts';

const upid: Upid = 'UPID:pve2:0000012D:00086D2C:6B010F9E:qmclone:9000:bot@pve!test:';
const running: Reply = { body: { data: { status: 'running', upid, node: 'pve2' } } };
const ended = (exitstatus: string): Reply => ({ body: { data: { status: 'stopped', exitstatus } } });
const unknown = badParameters({ upid: 'no such task' });
const { signal } = new AbortController();

/** A server on which the task goes through these states, with this log. */
function startTask(states: Reply[], log: readonly string[] = []) {
  const state = inTurn(...states);
  return startSetting(({ path, query }) => (path.endsWith('/log') ? logPage(log, query) : state()));
}

function logPage(log: readonly string[], query: string): Reply {
  const asked = new URLSearchParams(query);
  const [start, limit] = [Number(asked.get('start')), Number(asked.get('limit') ?? 50)];
  const lines = log.map((t, index) => ({ n: index + 1, t })).slice(start, start + limit);
  return { body: { total: log.length, data: log.length === 0 ? [{ n: 1, t: 'no content' }] : lines } };
}

test('a task that ends well is waited for on the node that its UPID names', async () => {
  await using setting = await startTask([running, running, ended('OK')]);

  assert.deepEqual(await waitTask(setting.api, upid, { ...setting, signal }), { warnings: [] });

  assert.equal(
    setting.server.heard[0]?.path,
    '/nodes/pve2/tasks/UPID%3Apve2%3A0000012D%3A00086D2C%3A6B010F9E%3Aqmclone%3A9000%3Abot%40pve!test%3A/status',
  );
});

/** A task of a kind that no other test has. */
const another = (type: string): Upid => `UPID:pve2:0000012D:00086D2C:6B010F9E:${type}:9000:bot@pve!test:`;

test('a task of which nothing is known is looked at in pauses as long as it has gone on, in the end once a second', async () => {
  await using setting = await startTask([...Array.from({ length: 20 }, () => running), ended('OK')]);

  await waitTask(setting.api, another('qmmove'), { ...setting, signal });

  const { slept } = setting.clock;
  assert.deepEqual(slept.slice(0, 7), [50, 150, 200, 400, 800, 1000, 1000]);
  assert.equal(slept.at(-1), 1000);
});

test('a task whose like was seen is first looked at when that one had nearly ended, then in small steps', async () => {
  await using first = await startTask([running, running, running, running, ended('OK')]);
  await using second = await startTask([running, running, ended('OK')]);

  await waitTask(first.api, another('qmtemplate'), { ...first, signal });
  await waitTask(second.api, another('qmtemplate'), { ...second, signal });

  assert.equal(first.clock.now(), 1_600);
  assert.deepEqual(second.clock.slept, [1_000, 552, 80]);
});

test('the log of a start or a stop is read when something is wrong, and not otherwise', async () => {
  const log = ['something'];
  const told: string[] = [];
  const onLog = (line: string) => void told.push(line);
  await using well = await startTask([ended('OK')], log);
  await using bad = await startTask([ended('start failed: QEMU exited with code 1')], log);

  await waitTask(well.api, another('qmstart'), { ...well, signal, onLog });
  assert.deepEqual(told, []);
  await failing(waitTask(bad.api, another('qmstart'), { ...bad, signal, onLog }));

  assert.deepEqual(told, log);
});

test('warnings are success, and are told', async () => {
  const log = ['creating', 'WARN: no efidisk configured!', 'TASK WARNINGS: 1'];
  await using setting = await startTask([ended('WARNINGS: 1')], log);

  assert.deepEqual(await waitTask(setting.api, upid, { ...setting, signal }), { warnings: ['no efidisk configured!'] });
});

test('any other exit status is the error, in one class with HTTP answers', async () => {
  await using setting = await startTask([ended('unable to create VM 600: config file already exists')]);

  const error = await failing(waitTask(setting.api, upid, { ...setting, signal }));

  assert.equal(
    error.message,
    'the task qmclone 9000 on pve2 failed: unable to create VM 600: config file already exists',
  );
  assert.deepEqual([error.kind, error.outcome], ['exists', 'permanent']);
});

test('a killed task leaves an unknown outcome', async () => {
  await using setting = await startTask([ended('unexpected status')]);

  const error = await failing(waitTask(setting.api, upid, { ...setting, signal }));

  assert.deepEqual([error.outcome, error.taskEnded], ['unknown', true]);
});

test('a new task may be unknown for some seconds, and then counts as one that runs no more', async () => {
  await using late = await startTask([unknown, unknown, unknown, ended('OK')]);
  await using never = await startTask([unknown]);

  await waitTask(late.api, upid, { ...late, signal });
  const error = await failing(waitTask(never.api, upid, { ...never, signal }));

  assert.deepEqual([error.outcome, error.taskEnded, never.server.heard.length], ['unknown', true, 4]);
  assert.match(error.message, /^the task qmclone 9000 on pve2 can't be followed any more: Proxmox does not know it/);
});

test('a Proxmox that is away for a while does not end the waiting', async () => {
  const away: Reply = { status: 595, reason: 'Connection refused', body: '' };
  await using setting = await startTask([running, ...Array.from({ length: 60 }, () => away), ended('OK')]);

  assert.deepEqual(await waitTask(setting.api, upid, { ...setting, signal }), { warnings: [] });
});

test('one that stays away, or refuses the token, leaves an unknown outcome: the task may be going on', async () => {
  await using away = await startTask([running, { status: 595, reason: 'No route to host', body: '' }]);
  await using refused = await startTask([running, { status: 401, reason: 'Authentication failed!', body: '' }]);

  const gone = await failing(waitTask(away.api, upid, { ...away, signal }));
  const no = await failing(waitTask(refused.api, upid, { ...refused, signal }));

  assert.deepEqual([gone.kind, gone.outcome], ['node down', 'unknown']);
  assert.deepEqual([no.kind, no.outcome], ['auth', 'unknown']);
  assert.ok(away.clock.now() >= 120_000);
});

test('an aborted signal ends the waiting', async () => {
  const stop = new AbortController();
  await using setting = await startTask([running]);
  const clock = {
    ...setting.clock,
    sleep: async () => stop.abort(new Error('cancelled')),
  };

  await assert.rejects(waitTask(setting.api, upid, { clock, signal: stop.signal }), /^Error: cancelled$/);
});

test('the whole log is told, over all its pages and only once', async () => {
  const log = Array.from({ length: 1100 }, (_, index) => `line ${index + 1}`);
  await using setting = await startTask(
    [running, running, running, running, running, ended('OK')],
    [...log, 'TASK OK'],
  );
  const told: string[] = [];

  await waitTask(setting.api, upid, { ...setting, signal, onLog: (line) => told.push(line) });

  assert.deepEqual(told, log);
});

test('a line that the task is still writing is told when it is whole, and once', async () => {
  let asked = 0;
  const states = inTurn(...Array.from({ length: 12 }, () => running), ended('OK'));
  await using setting = await startSetting(({ path, query }) => {
    if (!path.endsWith('/log')) return states();
    const sum = asked++ === 0 ? 'calculating checksum...' : 'calculating checksum...OK, checksum verified';
    return logPage(['downloading', sum, ...(asked > 1 ? ['TASK OK'] : [])], query);
  });
  const slow = { ...setting.clock, sleep: (ms: number) => setting.clock.sleep(ms * 50) };
  const told: string[] = [];

  await waitTask(setting.api, upid, { clock: slow, signal, onLog: (line) => told.push(line) });

  assert.ok(asked > 1);
  assert.deepEqual(told, ['downloading', 'calculating checksum...OK, checksum verified']);
});

test('of the lines about the progress of a copy one per tenth is told, for each disk', async () => {
  const copy = Array.from({ length: 101 }, (_, percent) => `transferred ${percent} MiB of 100 MiB (${percent}.00%)`);
  await using setting = await startTask([ended('OK')], ['create full clone of drive scsi0', ...copy, 'scsi1', ...copy]);
  const told: string[] = [];

  await waitTask(setting.api, upid, { ...setting, signal, onLog: (line) => told.push(line) });

  const tenths = Array.from({ length: 10 }, (_, index) => copy[(index + 1) * 10]);
  assert.deepEqual(told, ['create full clone of drive scsi0', ...tenths, 'scsi1', ...tenths]);
});

test('an empty log, and that of a task which is not known in both its shapes, have nothing to tell', async () => {
  const line = { n: 1, t: 'unable to open file - No such file or directory' };
  const shapes: unknown[] = [[line], line, [{ n: 1, t: 'no content' }]];
  const told: string[] = [];

  for (const data of shapes) {
    await using setting = await startSetting(({ path }) => (path.endsWith('/log') ? { body: { data } } : ended('OK')));
    await waitTask(setting.api, upid, { ...setting, signal, onLog: (text) => told.push(text) });
  }

  assert.deepEqual(told, []);
});

test('a log that can’t be read does not end the waiting', async () => {
  await using setting = await startSetting(({ path }) => (path.endsWith('/log') ? no(500, 'oops') : ended('OK')));

  assert.deepEqual(await waitTask(setting.api, upid, { ...setting, signal, onLog: () => {} }), { warnings: [] });
});

test('stopping a task that is over is fine', async () => {
  await using setting = await startSetting(() => unknown);

  await stopTask(setting.api, upid);

  assert.deepEqual(
    setting.server.heard.map(({ method }) => method),
    ['DELETE'],
  );
});

test('running tasks are found by VM and type', async () => {
  const row = { upid, type: 'qmclone', id: '9000', status: 'RUNNING', starttime: 1795231773, saved: '0' };
  await using setting = await startSetting(() => ({ body: { data: [row, { ...row, status: 'OK' }], total: 2 } }));

  const found = await runningTasks(setting.api, 'pve2', { vmid: 9000, type: 'qmclone' });

  assert.deepEqual(found, [{ upid, type: 'qmclone', id: '9000', startedAt: 1795231773 }]);
  assert.equal(setting.server.heard[0]?.query, 'source=active&vmid=9000&typefilter=qmclone');
});
