import type { RunState } from './record.ts';

/** A change to a run, written in one breath with its audit entry. Values are what the hash fields hold. */
export interface Patch {
  /** For the audit and for those who follow: `step done`. */
  readonly what: string;
  readonly state?: RunState;
  readonly set?: Readonly<Record<string, string>>;
  /** Fields that get the time. */
  readonly stamp?: readonly string[];
  readonly drop?: readonly string[];
  /** A line of the journal, and its fields. */
  readonly step?: {
    readonly id: string;
    readonly set: Readonly<Record<string, string>>;
    readonly stamp?: readonly string[];
  };
  /** More for the audit entry. */
  readonly detail?: Readonly<Record<string, string>>;
  /** The run got further: a worker that dies after this is not the same trouble as before. */
  readonly progress?: boolean;
}

/** The patch as `apply` in `scripts/prelude.lua` reads it. */
export function encodePatch(patch: Patch): string[] {
  const id = patch.step?.id ?? '';
  const stepSet = Object.entries(patch.step?.set ?? {}).flatMap(([name, value]) => [`${name}:${id}`, value]);
  const stepStamp = (patch.step?.stamp ?? []).map((name) => `${name}:${id}`);
  return [
    patch.what,
    patch.state ?? '',
    patch.progress ? '1' : '0',
    id,
    ...counted(Object.entries(patch.set ?? {}).flat()),
    ...counted(patch.stamp ?? []),
    ...counted(patch.drop ?? []),
    ...counted(stepSet),
    ...counted(stepStamp),
    ...counted(Object.entries(patch.detail ?? {}).flat()),
  ];
}

function counted(items: readonly string[]): string[] {
  return [String(items.length), ...items];
}
