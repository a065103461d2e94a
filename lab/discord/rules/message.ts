import type { Component } from '../message.ts';
import type { World } from '../world.ts';
import { refuse } from './check.ts';
import type { Complaint } from './complaints.ts';
import { componentComplaints } from './components.ts';

export const flags = {
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  silent: 1 << 12,
  componentsV2: 1 << 15,
} as const;

/** What a message may say, as it would be after this request. */
export interface Draft {
  readonly content: string;
  readonly embeds: readonly Readonly<Record<string, unknown>>[];
  readonly components: readonly Component[];
  readonly files: number;
  readonly flags: number;
}

/** Refuses what the published schema lets pass: too much text, components of two worlds, twice the same id, nothing at all. */
export function checkDraft(world: World, where: string, draft: Draft): void {
  const v2 = (draft.flags & flags.componentsV2) !== 0;
  const complaints: Complaint[] = [...componentComplaints(draft.components, v2), ...embedComplaints(draft)];
  if ([...draft.content].length > 2_000) {
    complaints.push({ path: ['content'], code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' });
  }
  if (v2 && draft.content !== '') complaints.push(mixed('content'));
  if (v2 && draft.embeds.length > 0) complaints.push(mixed('embeds'));
  if (complaints.length > 0) refuse(world, where, complaints);
}

/** Whether there is nothing to show: 50006. */
export function isEmpty(draft: Draft): boolean {
  return draft.content === '' && draft.embeds.length === 0 && draft.components.length === 0 && draft.files === 0;
}

function mixed(field: string): Complaint {
  const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
  return { path: [field], code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message };
}

function embedComplaints({ embeds }: Draft): Complaint[] {
  const length = (value: unknown): number => {
    if (typeof value === 'string') return [...value].length;
    if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + length(one), 0);
    return 0;
  };
  const named = (value: unknown, ...names: string[]) =>
    typeof value === 'object' && value !== null ? names.map((name) => (value as Record<string, unknown>)[name]) : [];
  const total = embeds.reduce((sum, embed) => {
    const fields = Array.isArray(embed.fields) ? embed.fields.flatMap((field) => named(field, 'name', 'value')) : [];
    const texts = [
      embed.title,
      embed.description,
      ...named(embed.footer, 'text'),
      ...named(embed.author, 'name'),
      ...fields,
    ];
    return sum + length(texts);
  }, 0);
  if (total <= 6_000) return [];
  return [{ path: ['embeds'], code: 'MAX_EMBED_SIZE_EXCEEDED', message: 'Embed size exceeds maximum size of 6000' }];
}
