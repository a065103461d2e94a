import { type Card, plain } from '#base/card.ts';
import type { AskState, RunRecord } from '#jobs/engine/record.ts';
import type { Config } from '../config.ts';

/** Tells those who may decide that they are asked: once, in the thread, since an edit of the card tells nobody. */
export function approversCard(run: RunRecord, ask: AskState, groups: Config['groups']): Card {
  const title = run.view ? plain(run.view.title) : run.text;
  const wants = ask.rule.typeName ? 'has to type the name to go on' : 'needs a yes';
  const text = `${run.by.name} ${wants}: ${title}`;
  return {
    tone: 'ask',
    fallback: text,
    blocks: [{ kind: 'text', text: [{ who: run.by.key, name: run.by.name }, ` ${wants}: ${title}`] }],
    // A group that rules speak of stands for platforms' groups and accounts; each platform takes those that are its own.
    ping: [...new Set(ask.rule.groups.flatMap((group) => [group, ...(groups[group] ?? [])]))],
  };
}
