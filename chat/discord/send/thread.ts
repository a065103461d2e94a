import { type APIMessage, ComponentType, Routes } from 'discord.js';
import { clip } from '../../clip.ts';
import { codeOf } from '../errors.ts';
import { most } from '../render/limits.ts';
import { unformatted } from '../render/markdown.ts';
import type { Rest } from '../rest.ts';

const alreadyThere = 160004;
const wrongKindOfChannel = 50024;
const aDayInMinutes = 1440;

/**
 * Begins the thread of a message (POST /channels/{channel}/messages/{message}/threads), and gives it a name for good: Discord lets it
 * be renamed twice in ten minutes only. Without a `topic` it is called like what the message says first. The thread's id is the message's. False where there are no threads.
 */
export async function openThread(rest: Rest, channel: string, message: string, topic?: string): Promise<boolean> {
  const name = topic ?? threadName(await rest.get<APIMessage>(Routes.channelMessage(channel, message)));
  const body = { name: clip(name, most.threadName), auto_archive_duration: aDayInMinutes };
  try {
    await rest.post(Routes.threads(channel, message), body);
    return true;
  } catch (error) {
    // Another gateway was quicker.
    if (codeOf(error) === alreadyThere) return true;
    if (codeOf(error) === wrongKindOfChannel) return false;
    throw error;
  }
}

function threadName({ components = [] }: APIMessage): string {
  const parts = components.flatMap((part) => (part.type === ComponentType.Container ? part.components : [part]));
  const texts = parts.flatMap((part) => (part.type === ComponentType.TextDisplay ? part.content : []));
  const titled = texts.find((text) => text.startsWith('#')) ?? texts[0] ?? '';
  const [first = ''] = titled.split('\n', 1);
  // The mark of the moment would stay for ever.
  const name = unformatted(first)
    .replace(/^(?:\p{Extended_Pictographic}|\uFE0F|\s)+/u, '')
    .trim();
  return name || 'Job';
}
