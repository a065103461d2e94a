import type { Block } from '../message.ts';
import { schemas } from './schema.ts';

export type Surface = 'message' | 'modal' | 'home';

/** How many blocks there may be. */
const mostBlocks: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

/** Blocks that do not stand everywhere. */
const onlyIn: Readonly<Record<string, readonly Surface[]>> = {
  alert: ['modal'],
  table: ['message'],
  data_table: ['message'],
  plan: ['message'],
  task_card: ['message'],
  context_actions: ['message'],
  markdown: ['message'],
  file: ['message'],
};

/** What is wrong with a list of blocks, with pointers below `at`. Empty when Slack would take them. */
export function wrongBlocks(given: unknown, surface: Surface, at: string): string[] {
  if (!Array.isArray(given)) return [`[ERROR] must be an array [json-pointer:${at}]`];
  if (given.length > mostBlocks[surface]) {
    return [`[ERROR] no more than ${mostBlocks[surface]} items allowed [json-pointer:${at}]`];
  }
  const blocks = given as readonly Block[];
  return [...blocks.flatMap((block, place) => wrongBlock(block, surface, `${at}/${place}`)), ...twice(blocks, at)];
}

function wrongBlock(block: Block, surface: Surface, at: string): string[] {
  const check = schemas.blocks.get(block?.type);
  if (!check) return [`[ERROR] unsupported type: ${block?.type} [json-pointer:${at}/type]`];
  if (!(onlyIn[block.type] ?? [surface]).includes(surface)) {
    return [`[ERROR] ${block.type} does not stand in a ${surface} [json-pointer:${at}/type]`];
  }
  const problems = check(block).map((problem) => problem.replace('[json-pointer:', `[json-pointer:${at}`));
  return problems.length > 0 ? problems : unsaid(block, at);
}

/** What Slack checks though its types do not say it. */
function unsaid(block: Block, at: string): string[] {
  const wrong: string[] = [];
  const ids = elementsIn(block).flatMap(({ action_id }) => action_id ?? []);
  if (new Set(ids).size < ids.length)
    wrong.push(`[ERROR] \`action_id\` already exists in the block [json-pointer:${at}]`);
  if (block.type === 'section' && !block.text && !(block.fields as [] | undefined)?.length) {
    wrong.push(`[ERROR] missing required field: text [json-pointer:${at}]`);
  }
  if (block.type === 'actions' && elementsIn(block).length === 0) {
    wrong.push(`[ERROR] no fewer than 1 items allowed [json-pointer:${at}/elements]`);
  }
  const rows = block.type === 'table' ? (block.rows as readonly (readonly unknown[])[]) : [];
  if (rows.some((row) => row.length > 20))
    wrong.push(`[ERROR] no more than 20 items allowed [json-pointer:${at}/rows]`);
  walk(block, at, (part, where) => {
    const texts = ['plain_text', 'mrkdwn', 'text', 'raw_text'];
    if (texts.includes(String(part.type)) && part.text === '') {
      wrong.push(`[ERROR] must be more than 0 characters [json-pointer:${where}/text]`);
    }
    for (const key of ['options', 'option_groups'] as const) {
      if (Array.isArray(part[key]) && part[key].length === 0) {
        wrong.push(`[ERROR] no fewer than 1 items allowed [json-pointer:${where}/${key}]`);
      }
    }
    for (const option of Array.isArray(part.options) ? part.options : []) {
      if (String(option.value ?? '').length > 150)
        wrong.push(`[ERROR] must be less than 151 characters [json-pointer:${where}/options]`);
    }
  });
  return wrong;
}

function twice(blocks: readonly Block[], at: string): string[] {
  const ids = blocks.flatMap(({ block_id }) => block_id ?? []);
  const tables = blocks.filter(({ type }) => type === 'table');
  return [
    ...(new Set(ids).size < ids.length ? [`[ERROR] \`block_id\` already exists [json-pointer:${at}]`] : []),
    ...(tables.length > 1 ? [`[ERROR] only one table is allowed [json-pointer:${at}]`] : []),
  ];
}

/** What can be pressed, picked or filled in a block. */
export function elementsIn(block: Block): readonly Block[] {
  const { elements, element, accessory } = block as { elements?: unknown; element?: Block; accessory?: Block };
  const listed =
    ['actions', 'context_actions'].includes(block.type) && Array.isArray(elements) ? (elements as Block[]) : [];
  return [...listed, ...(element ? [element] : []), ...(accessory ? [accessory] : [])];
}

function walk(value: unknown, at: string, see: (part: Readonly<Record<string, unknown>>, at: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) see(value as Readonly<Record<string, unknown>>, at);
  for (const [key, part] of Object.entries(value)) walk(part, `${at}/${key}`, see);
}
