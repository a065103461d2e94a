import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Agent, openAgent } from './agent.ts';

test('answers to older callers are skipped until our own sync comes back', async () => {
  await using guest = await startGuest((request, socket) => {
    if (request.execute === 'guest-sync-delimited') {
      socket.write(Buffer.concat([Buffer.from('{"return": 7}\n{"return": {"stale": true}}\n'), Buffer.of(0xff)]));
      socket.write(`{"return": ${request.arguments.id}}\n`);
    } else socket.write(`{"return": {"heard": "${request.execute}"}}\n`);
  });

  const answer = await guest.agent.ask('guest-info', {}, 2000);

  assert.deepEqual(answer, { heard: 'guest-info' });
});

test("the agent's own complaint is the error", async () => {
  await using guest = await startGuest((request, socket) => {
    if (request.execute === 'guest-sync-delimited') socket.write(`{"return": ${request.arguments.id}}\n`);
    else socket.write('{"error": {"class": "GenericError", "desc": "Invalid parameter \'pid\'"}}\n');
  });

  await assert.rejects(guest.agent.ask('guest-exec-status', { pid: 1 }, 2000), /^Error: Invalid parameter 'pid'$/);
});

test('a guest that says nothing has no agent', async () => {
  await using guest = await startGuest(() => undefined);

  await assert.rejects(guest.agent.ask('guest-ping', {}, 30), /QEMU guest agent is not running/);
});

test('an answer that comes too late is not taken for that of the next question', async () => {
  let late = () => {};
  await using guest = await startGuest((request, socket) => {
    if (request.execute === 'guest-sync-delimited') socket.write(`{"return": ${request.arguments.id}}\n`);
    else if (request.execute === 'guest-slow') late = () => socket.write('{"return": "slow"}\n');
    else socket.write('{"return": "quick"}\n');
  });
  await assert.rejects(guest.agent.ask('guest-slow', {}, 30), /QEMU guest agent is not running/);

  late();
  const answers = [await guest.agent.ask('guest-quick', {}, 2000), await guest.agent.ask('guest-quick', {}, 2000)];

  assert.deepEqual(answers, ['quick', 'quick']);
  assert.equal(guest.connections(), 1);
});

interface Request {
  readonly execute: string;
  readonly arguments: { readonly id?: number };
}

/** A socket that answers as a guest's agent would. */
async function startGuest(
  answer: (request: Request, socket: Socket) => void,
): Promise<AsyncDisposable & { agent: Agent; connections(): number }> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  const path = join(folder, 'agent');
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('data', (bytes) => {
      for (const line of bytes.toString('latin1').replaceAll('\xff', '').split('\n').filter(Boolean))
        answer(JSON.parse(line), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const agent = openAgent(path);
  return {
    agent,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      agent.close();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
