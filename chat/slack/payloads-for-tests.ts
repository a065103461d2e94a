/** What Slack sends when people do things, as its documentation shows it; Ana is U0ANA in the channel C0OPS of the workspace T0LAB. */
export function slashCommand(text: string, more: object = {}) {
  return {
    command: '/vm',
    text,
    trigger_id: `trigger-${text}`,
    user_id: 'U0ANA',
    user_name: 'ana',
    channel_id: 'C0OPS',
    channel_name: 'ops',
    team_id: 'T0LAB',
    ...more,
  };
}

export function slackEvent(id: string, event: object) {
  return { type: 'event_callback', event_id: id, team_id: 'T0LAB', api_app_id: 'A0LAB', event };
}

export function mention(text: string, more: object = {}) {
  return { type: 'app_mention', user: 'U0ANA', text, ts: '1700000000.000500', channel: 'C0OPS', ...more };
}

const who = { user: { id: 'U0ANA', username: 'ana', team_id: 'T0LAB' }, team: { id: 'T0LAB' } };

export function buttonPress(value: string, more: object = {}) {
  return {
    type: 'block_actions',
    trigger_id: `trigger-${value}`,
    ...who,
    channel: { id: 'C0OPS' },
    container: { type: 'message' },
    message: { ts: '1700000000.000100' },
    actions: [{ action_id: 'press.0', block_id: 'b', type: 'button', value, action_ts: '1' }],
    ...more,
  };
}

export interface Opened {
  readonly private_metadata: string;
  readonly callback_id: string;
  readonly blocks: readonly { readonly type: string; readonly block_id?: string }[];
}

export function formSent(view: Opened, values: Readonly<Record<string, object>>) {
  const state = { values: Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { value }])) };
  return { type: 'view_submission', ...who, view: { ...view, id: 'V0FORM', hash: 'hash-1', type: 'modal', state } };
}

export function optionsWanted(view: Opened, block: string, value: string) {
  const container = { type: 'view', view_id: 'V0FORM' };
  return { type: 'block_suggestion', ...who, action_id: 'value', block_id: block, value, view, container };
}
