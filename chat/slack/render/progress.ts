import type { KnownBlock } from '@slack/types';
import type { Block } from '#base/card.ts';
import { clip } from '../../clip.ts';
import { richText } from './rich.ts';

const cells = 20;

/** `████████░░░░░░░░░░░░ 40 %  ·  2/5  ·  booting` */
export function progressBlocks({ done, total, label }: Extract<Block, { kind: 'progress' }>): KnownBlock[] {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.floor(share * cells);
  return richText([
    { type: 'text', text: '█'.repeat(full) + '░'.repeat(cells - full), style: { code: true } },
    { type: 'text', text: ` ${Math.floor(share * 100)} %`, style: { bold: true } },
    { type: 'text', text: `  ·  ${done}/${total}${label === '' ? '' : `  ·  ${clip(label, 500)}`}` },
  ]);
}
