import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlackAPIClient } from 'slack-web-api-client';
import { type SlackLab, startSlack } from './start.ts';

interface Envelope {
  readonly type: string;
  readonly envelope_id: string;
  readonly payload: Readonly<Record<string, string>> & {
    readonly type?: string;
    readonly actions?: readonly { readonly value: string }[];
    readonly view?: { readonly state: { readonly values: Record<string, Record<string, { readonly value: string }>> } };
    readonly channel: { readonly id: string };
    readonly message: { readonly ts: string };
  };
}

/** The same story by libraries that Slack did not write: somebody else's client, and the WebSocket of Node itself. */
async function connect(lab: SlackLab, hear: (envelope: Envelope) => Promise<object | undefined>): Promise<WebSocket> {
  const { url = '' } = await new SlackAPIClient(lab.app.appToken, { baseUrl: lab.apiUrl }).apps.connections.open();
  const socket = new WebSocket(url);
  const greeted = Promise.withResolvers<void>();
  socket.addEventListener('message', async ({ data }) => {
    const message = JSON.parse(String(data)) as Envelope;
    if (message.type === 'hello') return greeted.resolve();
    const payload = await hear(message);
    socket.send(JSON.stringify({ envelope_id: message.envelope_id, ...(payload ? { payload } : {}) }));
  });
  await greeted.promise;
  return socket;
}

test('somebody else’s client tells the same story: a command, a card, a press, a form, an edit', async () => {
  await using lab = await startSlack();
  const web = new SlackAPIClient(lab.app.botToken, { baseUrl: lab.apiUrl });
  const label = (text: string) => ({ type: 'plain_text' as const, text });
  const approve = { type: 'button' as const, action_id: 'go', value: 'token', text: label('Approve') };
  const why = { type: 'plain_text_input' as const, action_id: 'v' };
  const socket = await connect(lab, async ({ type, payload }) => {
    if (type === 'slash_commands') {
      await web.chat.postMessage({
        channel: payload.channel_id ?? '',
        text: 'Approve?',
        blocks: [{ type: 'actions', elements: [approve] }],
      });
      return { text: 'It waits for an approval.' };
    }
    if (payload.type === 'block_actions') {
      await web.views.open({
        trigger_id: payload.trigger_id ?? '',
        view: {
          type: 'modal',
          title: label('Why?'),
          submit: label('Send'),
          blocks: [{ type: 'input', block_id: 'why', label: label('Why'), element: why }],
        },
      });
    }
    if (payload.type === 'view_submission') {
      const text = `Approved: ${payload.view?.state.values.why?.v?.value}`;
      const [message] = lab.messages('ops');
      await web.chat.update({ channel: 'C0OPS', ts: message?.ts ?? '', text });
    }
    return undefined;
  });

  const typed = await lab.user('ana').type('ops', '/vm create');
  const [card] = lab.messages('ops');
  assert.ok(card);
  await lab.user('ben').press(card, 'Approve');
  const form = await lab.until(() => lab.views('ben')[0]);
  await lab.user('ben').submit(form, { Why: 'it is needed' });
  socket.close();

  assert.equal(typed.text, 'It waits for an approval.');
  assert.equal(lab.textOf(card), 'Approved: it is needed');
  assert.deepEqual(lab.violations, []);
});
