import type { ConfirmationDialog, KnownBlock, Button as SlackButton } from '@slack/types';
import type { Action, Button } from '#base/card.ts';
import { filled, most } from './limits.ts';
import { linkable } from './rich.ts';
import { unmarked } from './small.ts';

/** What the ids of our buttons begin with. The token is the value; the id only tells buttons of one row apart. */
export const pressed = 'press.';
const opened = 'open.';

/** Rows of buttons, as many to each as Slack takes. */
export function buttonBlocks(actions: readonly Action[]): KnownBlock[] {
  const elements = actions.flatMap((action, at) => button(action, at));
  const blocks: KnownBlock[] = [];
  for (let from = 0; from < elements.length; from += most.buttons) {
    blocks.push({ type: 'actions', elements: elements.slice(from, from + most.buttons) });
  }
  return blocks;
}

function button(action: Action, at: number): SlackButton[] {
  const text = { ...unmarked(action.label, most.label), emoji: true };
  if ('href' in action) {
    const url = linkable(action.href);
    return url === undefined ? [] : [{ type: 'button', action_id: `${opened}${at}`, text, url }];
  }
  return [
    {
      type: 'button',
      action_id: `${pressed}${at}`,
      text,
      value: action.token,
      ...(action.tone ? { style: action.tone } : {}),
      ...(action.confirm === undefined ? {} : { confirm: confirmation(action, action.confirm) }),
    },
  ];
}

function confirmation({ label, tone }: Button, question: string): ConfirmationDialog {
  return {
    title: unmarked(`${filled(label, most.confirmTitle - 1)}?`, most.confirmTitle),
    text: unmarked(question, most.confirm),
    confirm: unmarked(label, most.confirmLabel),
    deny: unmarked('Back', most.confirmLabel),
    style: tone ?? 'primary',
  };
}
