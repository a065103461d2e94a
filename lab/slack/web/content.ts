import type { Block, Content } from '../message.ts';
import { wrongBlocks } from '../rules/blocks.ts';
import { schemas } from '../rules/schema.ts';
import type { World } from '../world.ts';
import { SlackError, slackError } from './error.ts';

/** What a message may say; arguments of chat.postMessage and its like. */
export const contentArgs = {
  text: 'string',
  blocks: 'json',
  attachments: 'json',
  markdown_text: 'string',
  parse: 'string',
  link_names: 'boolean',
} as const;

interface Given {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly markdown_text?: string | undefined;
}

const mostText = 40_000;
const mostMarkdown = 12_000;
const mostMetadataBytes = 8_000;

/** The content of a message. Throws what Slack answers when it would not take it. */
export function readContent({ settings }: World, given: Given): Content {
  const { markdown_text: markdown } = given;
  if (markdown !== undefined && (given.text !== undefined || given.blocks !== undefined)) {
    throw new SlackError('markdown_text_conflict');
  }
  if ((markdown?.length ?? 0) > mostMarkdown) throw new SlackError('msg_too_long');
  const blocks = (given.blocks ?? []) as readonly Block[];
  const wrong = wrongBlocks(blocks, 'message', '/blocks');
  if (wrong.length > 0) throw slackError('invalid_blocks', wrong);
  if (JSON.stringify(blocks).length > settings.mostBlockCharacters) throw new SlackError('msg_blocks_too_long');
  const attachments = readAttachments(given.attachments);
  const text = given.text ?? markdown ?? '';
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new SlackError('no_text');
  return { text: text.slice(0, mostText), blocks, attachments };
}

function readAttachments(given: unknown): Content['attachments'] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw new SlackError('invalid_attachments');
  if (given.length > 100) throw new SlackError('too_many_attachments');
  const wrong = given.flatMap((one) => schemas.attachment(one));
  if (wrong.length > 0) throw slackError('invalid_attachments', wrong);
  return given as Content['attachments'];
}

/** `{event_type, event_payload}`, with values that are flat or lists. An empty object takes it away. */
export function readMetadata(given: unknown): unknown {
  if (given === undefined) return undefined;
  const { event_type: type, event_payload: payload, ...more } = given as Record<string, unknown>;
  if (type === undefined && payload === undefined && Object.keys(more).length === 0) return null;
  const right = typeof type === 'string' && type !== '' && typeof payload === 'object' && payload !== null;
  const unknown = Object.keys(more).filter((name) => name !== 'entities');
  if (!right || unknown.length > 0) {
    throw slackError('invalid_metadata_format', ['[ERROR] event_type and event_payload are needed']);
  }
  if (JSON.stringify(given).length > mostMetadataBytes) throw new SlackError('metadata_too_large');
  return given;
}

/** What is odd though Slack takes it: nothing to read for those who get no blocks. */
export function odd({ text, blocks }: Content): string[] {
  return text === '' && blocks.length > 0
    ? ['no text beside the blocks: notifications and screen readers have nothing']
    : [];
}
