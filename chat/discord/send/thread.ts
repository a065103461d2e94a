import { type APIMessage, ComponentType, Routes } from 'discord.js';
import { codeOf } from '../errors.ts';
import { clip, most } from '../render/limits.ts';
import type { Rest } from '../rest.ts';

const alreadyThere = 160004;
const aDay = 1440;

/** Begins the thread of a message (POST /channels/{channel}/messages/{message}/threads), called like what the message says first. Its id is the message's. */
export async function openThread(rest: Rest, channel: string, message: string): Promise<void> {
  const root = await rest.get<APIMessage>(Routes.channelMessage(channel, message));
  const body = { name: clip(titleOf(root), most.threadName), auto_archive_duration: aDay };
  try {
    await rest.post(Routes.threads(channel, message), body);
  } catch (error) {
    // Another gateway was quicker.
    if (codeOf(error) !== alreadyThere) throw error;
  }
}

function titleOf({ components = [] }: APIMessage): string {
  const parts = components.flatMap((part) => (part.type === ComponentType.Container ? part.components : [part]));
  const first = parts.find((part) => part.type === ComponentType.TextDisplay);
  const bare = (first?.content ?? '')
    .replace(/^#+\s*|[*_`\\]|<[^>]*>/g, '')
    .split('\n', 1)[0]
    ?.trim();
  return bare || 'Job';
}
