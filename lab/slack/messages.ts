import type { Block, Content, Message } from './message.ts';
import type { World } from './world.ts';

export const messageKey = (channel: string, ts: string): string => `${channel} ${ts}`;

interface Writing {
  readonly channel: string;
  readonly user: string;
  readonly botId?: string | undefined;
  readonly threadTs?: string | undefined;
  readonly broadcast?: boolean | undefined;
  readonly onlyFor?: string | undefined;
  readonly files?: readonly string[];
  readonly content: Content;
  readonly metadata?: unknown;
}

/** Puts a message where it belongs. Who has to hear of it is not told here. */
export function writeMessage(
  world: World,
  { content, metadata, broadcast = false, files = [], ...rest }: Writing,
): Message {
  const message: Message = {
    ...rest,
    ts: world.newTs(),
    broadcast,
    files,
    createdAt: world.clock.now(),
    content: { ...content, blocks: withIds(world, content.blocks) },
    metadata,
    editedTs: undefined,
    edits: 0,
    reactions: new Map(),
    pinned: false,
  };
  world.messages.set(messageKey(message.channel, message.ts), message);
  world.changes.tell();
  return message;
}

/** Blocks and their elements as Slack sends them back: each has an id. */
export function withIds(world: World, blocks: readonly Block[]): readonly Block[] {
  const named = (element: Block): Block =>
    typeof element === 'object' && element !== null && 'type' in element && !plain.has(element.type)
      ? { action_id: world.newId('a'), ...element }
      : element;
  return blocks.map((block) => ({
    block_id: world.newId('b'),
    ...block,
    ...(block.type === 'actions' ? { elements: (block.elements as readonly Block[]).map(named) } : {}),
    ...('element' in block ? { element: named(block.element as Block) } : {}),
    ...('accessory' in block ? { accessory: named(block.accessory as Block) } : {}),
  }));
}

/** Elements that nobody can press. */
const plain = new Set(['image']);

/** The messages of a channel that stand in it itself, or in one of its threads (with the message that it hangs on). */
export function messagesIn(world: World, channel: string, threadTs?: string): readonly Message[] {
  return [...world.messages.values()].filter(
    (one) =>
      one.channel === channel &&
      (threadTs === undefined
        ? one.threadTs === undefined || one.broadcast
        : one.threadTs === threadTs || one.ts === threadTs),
  );
}
