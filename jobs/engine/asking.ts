import type { AskState } from './record.ts';
import type { Question } from './run.ts';

/** The fields of a question that is put to people now. `park` adds when it expires. */
export function askFields(question: Question, before: AskState | undefined, note = ''): Record<string, string> {
  const { rule } = question;
  return {
    'ask.key': question.key,
    'ask.title': question.title,
    'ask.need': String(rule.need),
    'ask.groups': JSON.stringify(rule.groups),
    'ask.selfOk': rule.selfOk ? '1' : '0',
    'ask.typeName': rule.typeName ? '1' : '0',
    'ask.expiresMs': String(rule.expiresMs),
    'ask.revision': String((before?.revision ?? 0) + 1),
    'ask.state': 'open',
    'ask.note': note,
    'ask.votes': '[]',
  };
}
