import type { Slot } from './step.ts';

/** Stands for all places that a run has or waits for. */
export const everyPlace = '*';

/** A lock is a place for one. Names are written so that they can stand in a path and in a list. */
export function lockPlaces(names: readonly string[]): Slot[] {
  return [...new Set(names)].sort().map((name) => ({ name: `lock:${encode(name)}`, limit: 1 }));
}

export function slotPlace(slot: Slot): Slot {
  return { name: `slot:${encode(slot.name)}`, limit: slot.limit };
}

/** The lock's or slot's name as its job gave it. */
export function placeName(place: string): string {
  return decodeURIComponent(place.slice(place.indexOf(':') + 1));
}

function encode(name: string): string {
  return name.replace(/[%/\s]/g, (character) => encodeURIComponent(character));
}
