import { z } from 'zod';
import type { Card } from '#base/card.ts';
import { RemoteError, sentence } from '#base/errors.ts';
import type { Heard } from '#chat/platform.ts';
import { findCommand } from '#commands/find.ts';
import { readArgs } from '#commands/read.ts';
import { gated } from '#jobs/engine/redis.ts';
import { deskAt, type Office } from '../office.ts';
import { actionOf } from './action-of.ts';
import { dryRun } from './dry-run.ts';
import type { Line } from './heard.ts';
import { answerOf, whisper } from './whisper.ts';

const Noted = z.object({
  id: z.string(),
  place: z.object({ platform: z.string(), channel: z.string(), thread: z.string().optional() }),
  by: z.object({
    key: z.string(),
    account: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    known: z.boolean(),
    outside: z.string().exactOptional(),
  }),
  text: z.string(),
  reply: z.string().optional(),
  /** When it was typed, ms since the epoch. */
  at: z.number(),
});

/** A line, and when it was typed, ms since the epoch. */
type Asked = Line & { readonly at: number };

const rememberS = 24 * 3600;
/** A gateway that does not say for so long that it is still at an answer is thought dead. */
const holdS = 10;
const sayMs = 3_000;
/** Older ones are not answered any more: who asked has long asked again. */
const staleMs = 15 * 60_000;

/**
 * Notes a question in Redis and answers it after the acknowledgement. A second delivery of it finds the note and changes nothing; a gateway that dies with it leaves
 * it to {@link answerForgotten}.
 */
export async function answerOnce(office: Office, typed: Line): Promise<Heard> {
  const { redis } = office;
  const field = fieldOf(typed);
  const { asked, answered } = keysOf(office, field);
  const keys = [asked, answered, lockOf(office, field)];
  const note = { ...typed, at: Date.now() };
  const text = JSON.stringify(note);
  const isNew = await gated(redis, () => redis.eval(noteScript, keys.length, ...keys, field, text, holdS));
  if (isNew === 1) void held(office, note);
  return 'private';
}

// KEYS: asked, answered, lock. ARGV: field, note, how long the lock lasts, s. Whoever has the lock answers; nobody else tries as long as it lasts.
const noteScript = `
if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('SET', KEYS[3], '1', 'EX', ARGV[3])
return 1
`;

/** Answers what could not be brought before, and what gateways that are gone did not answer. */
export async function answerForgotten(office: Office): Promise<void> {
  const { redis, prefix } = office;
  for (const [field, text] of Object.entries(await redis.hgetall(`${prefix}:asked`))) {
    const read = Noted.safeParse(JSON.parse(text));
    const wanted = read.success && Date.now() - read.data.at < staleMs ? read.data : undefined;
    // Another gateway's, while it is worth an answer; what nobody serves any more goes with the rest.
    if (wanted && !office.platforms.has(wanted.place.platform)) continue;
    const mine = await redis.set(lockOf(office, field), '1', 'EX', holdS, 'NX');
    if (mine === null) continue;
    if (wanted) void held(office, lineOf(wanted));
    else {
      office.log.warn({ question: field }, 'a question is given up: nobody could answer it in time');
      await done(office, field);
    }
  }
}

/** What was left out stands there as undefined after reading; it is left out again. */
function lineOf({ place, reply, ...rest }: z.infer<typeof Noted>): Asked {
  const { thread, ...channel } = place;
  return {
    ...rest,
    place: thread === undefined ? channel : { ...channel, thread },
    ...(reply === undefined ? {} : { reply }),
  };
}

/** {@link answer} when it is its turn; says that this gateway is at it, as long as it is. */
async function held(office: Office, typed: Asked): Promise<void> {
  const lock = lockOf(office, fieldOf(typed));
  const saying = setInterval(() => {
    // Without Redis nothing else can be done either.
    office.redis.expire(lock, holdS).catch(() => undefined);
  }, sayMs);
  try {
    await office.answering(() => answer(office, typed));
  } finally {
    clearInterval(saying);
  }
}

/** Whatever comes of it is the answer, an error too; only one that could not be brought stays noted, for {@link answerForgotten}. Never rejects. */
async function answer(office: Office, typed: Asked): Promise<void> {
  const { redis } = office;
  const field = fieldOf(typed);
  const { asked, telling } = keysOf(office, field);
  let first: unknown;
  try {
    const card = await answerOf(office, () => look(office, typed));
    first = await redis.eval(tellScript, 2, asked, telling, field);
    // This process stood still, and another one has answered.
    if (first === null) return;
    await whisper(office, typed, card, first === 0);
    await done(office, field);
  } catch (error) {
    const outcome = error instanceof RemoteError ? error.outcome : 'unknown';
    const forGood = outcome === 'permanent';
    office.log.warn({ reason: sentence(error), text: typed.text, forGood }, 'an answer could not be brought');
    // Without Redis the lock ends by itself, and it is tried again as if nobody knew.
    if (forGood) return void (await done(office, field).catch(() => undefined));
    if (outcome === 'passing' && first === 1) await redis.hdel(telling, field).catch(() => undefined);
    await redis.expire(lockOf(office, field), pauseS(typed)).catch(() => undefined);
  }
}

// KEYS: asked, telling. ARGV: field. From now on the answer may have come: 1 for the first who tells, 0 for another one, nothing when it is not asked any more.
const tellScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return false end
return redis.call('HSETNX', KEYS[2], ARGV[1], '1')
`;

async function look(office: Office, typed: Line): Promise<Card> {
  const desk = deskAt(office, typed.place);
  const { command, words } = findCommand(desk.table, typed.text);
  const { approval } = office.authorize(actionOf(command, words), typed.by);
  const outcome = await command.run(readArgs(command, words), desk, typed.by);
  if ('answer' in outcome) return outcome.answer;
  if ('job' in outcome && outcome.dryRun) return dryRun(office, typed, outcome, approval);
  throw new Error(`/${command.path} only reads, and wants more than to answer`);
}

/** The longer it could not be brought, the longer until the next try, s. */
const pauseS = ({ at }: Asked) => Math.min(60, Math.max(1, Math.round((Date.now() - at) / 2000)));

async function done(office: Office, field: string): Promise<void> {
  const { asked, telling, answered } = keysOf(office, field);
  await office.redis.multi().hdel(asked, field).hdel(telling, field).set(answered, '1', 'EX', rememberS).exec();
}

const fieldOf = ({ place, id }: Line) => `${place.platform}:${id}`;
const lockOf = ({ prefix }: Office, field: string) => `${prefix}:answering:${field}`;
const keysOf = ({ prefix }: Office, field: string) => ({
  asked: `${prefix}:asked`,
  telling: `${prefix}:telling`,
  answered: `${prefix}:answered:${field}`,
});
